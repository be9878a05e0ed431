/** More than this in one message is a wall that nobody reads; a fault's data has them all. */
const few = 3

/** Problems as one text: the first few, and how many more there are. */
export const firstFew = (problems: readonly string[]): string => {
  const more = problems.length - few
  const shown = problems.slice(0, few).join('; ')
  return more > 0 ? `${shown}; and ${more} more` : shown
}
