/**
 * Which episodes are chosen in the list: a cursor, and a range from an anchor to it, as positions in the list as shown. A list
 * that got shorter keeps the selection inside.
 */
export interface Selection {
  readonly anchor: number
  readonly cursor: number
}

export const noSelection: Selection = { anchor: 0, cursor: 0 }

const inside = (position: number, length: number): number => Math.max(0, Math.min(length - 1, position))

/** One row up or down; `isExtending` keeps the anchor. */
export function stepped(selection: Selection, step: number, length: number, isExtending: boolean): Selection {
  const cursor = inside(selection.cursor + step, length)
  return { cursor, anchor: isExtending ? inside(selection.anchor, length) : cursor }
}

export const picked = (position: number, selection: Selection, isExtending: boolean): Selection => ({
  cursor: position,
  anchor: isExtending ? selection.anchor : position,
})

export const all = (length: number): Selection => ({ anchor: 0, cursor: inside(length, length) })

export const fitted = (selection: Selection, length: number): Selection => ({
  anchor: inside(selection.anchor, length),
  cursor: inside(selection.cursor, length),
})

export const isChosen = ({ anchor, cursor }: Selection, position: number): boolean =>
  position >= Math.min(anchor, cursor) && position <= Math.max(anchor, cursor)

/** The chosen ones of a list, in its order. */
export const chosen = <T>(selection: Selection, list: readonly T[]): readonly T[] =>
  list.filter((_, position) => isChosen(selection, position))
