/** numpy's `dtype.str`: byte order, kind and size of one element. */

/** Boolean, signed, unsigned, float, bytes, text (UTF-32), moment, duration. */
const kinds = ['b', 'i', 'u', 'f', 'S', 'U', 'M', 'm'] as const
type DtypeKind = (typeof kinds)[number]

export interface Dtype {
  readonly kind: DtypeKind
  readonly itemBytes: number
  readonly isLittleEndian: boolean
}

const isKind = (letter: string): letter is DtypeKind => (kinds as readonly string[]).includes(letter)

/** Null for what openpi refuses too (void, object, complex) and for what is no dtype. */
export function parseDtype(text: string): Dtype | null {
  const found = /^([<>|=])([a-zA-Z])(\d{1,9})(\[[^\]]{1,20}\])?$/.exec(text)
  if (found === null) return null
  const [, order = '', kind = '', digits = '', unit] = found
  if (!isKind(kind)) return null
  // The unit of time, as in `<M8[ns]`, belongs to moments and durations alone.
  if (unit !== undefined && kind !== 'M' && kind !== 'm') return null
  const count = Number(digits)
  return { kind, itemBytes: kind === 'U' ? 4 * count : count, isLittleEndian: order !== '>' }
}
