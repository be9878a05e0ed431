/**
 * One row of a take's journal, of fixed size so that a torn tail is found by length and checksum. Little-endian:
 * crc32 of the rest | frame u32 | read time f64 | loop passes u32 | source u8 | flags u8 | 0 u16 | float32 values.
 */
import { crc32 } from './crc32.ts'

export interface TakeRow {
  readonly frame: number
  /** Machine-monotonic time at which the follower's reading was complete, microseconds. */
  readonly readUs: number
  /** Passes of the control loop since the row before. */
  readonly ticks: number
  /** `sourceCode` of core/control/mode.ts. */
  readonly source: number
  readonly isIntervention: boolean
  /** The same reading as in the row before. */
  readonly isStale: boolean
  /** Joint values in dataset units. */
  readonly state: ArrayLike<number>
  readonly action: ArrayLike<number>
  readonly requested: ArrayLike<number>
  /** All side channels, one after the other. */
  readonly side: ArrayLike<number>
}

export interface TakeRowLayout {
  readonly joints: number
  readonly sideValues: number
}

const headBytes = 24

export function takeRowBytes(layout: TakeRowLayout): number {
  return headBytes + 4 * (3 * layout.joints + layout.sideValues)
}

/** Writes a row at `at`; the vectors have the lengths of the layout. */
export function encodeTakeRow(row: TakeRow, layout: TakeRowLayout, into: DataView, at: number): void {
  into.setUint32(at + 4, row.frame, true)
  into.setFloat64(at + 8, row.readUs, true)
  into.setUint32(at + 16, row.ticks, true)
  into.setUint8(at + 20, row.source)
  into.setUint8(at + 21, (row.isIntervention ? 1 : 0) | (row.isStale ? 2 : 0))
  into.setUint16(at + 22, 0, true)
  let offset = at + headBytes
  const put = (values: ArrayLike<number>, count: number): void => {
    for (let i = 0; i < count; i += 1) {
      into.setFloat32(offset, values[i] ?? Number.NaN, true)
      offset += 4
    }
  }
  put(row.state, layout.joints)
  put(row.action, layout.joints)
  put(row.requested, layout.joints)
  put(row.side, layout.sideValues)
  const body = new Uint8Array(into.buffer, into.byteOffset + at + 4, takeRowBytes(layout) - 4)
  into.setUint32(at, crc32(body), true)
}

/** The row at `at`, or null when its checksum does not hold. */
export function decodeTakeRow(layout: TakeRowLayout, from: DataView, at: number): TakeRow | null {
  const size = takeRowBytes(layout)
  if (at + size > from.byteLength) return null
  const body = new Uint8Array(from.buffer, from.byteOffset + at + 4, size - 4)
  if (crc32(body) !== from.getUint32(at, true)) return null
  let offset = at + headBytes
  const take = (count: number): Float32Array => {
    const values = Float32Array.from({ length: count }, (_, i) => from.getFloat32(offset + 4 * i, true))
    offset += 4 * count
    return values
  }
  const flags = from.getUint8(at + 21)
  return {
    frame: from.getUint32(at + 4, true),
    readUs: from.getFloat64(at + 8, true),
    ticks: from.getUint32(at + 16, true),
    source: from.getUint8(at + 20),
    isIntervention: (flags & 1) !== 0,
    isStale: (flags & 2) !== 0,
    state: take(layout.joints),
    action: take(layout.joints),
    requested: take(layout.joints),
    side: take(layout.sideValues),
  }
}

/** The longest good prefix of a journal: rows 0, 1, 2, … up to the first that is torn or out of order. */
export function readTakeRows(layout: TakeRowLayout, journal: Uint8Array): TakeRow[] {
  const view = new DataView(journal.buffer, journal.byteOffset, journal.byteLength)
  const size = takeRowBytes(layout)
  const rows: TakeRow[] = []
  for (let at = 0; at + size <= view.byteLength; at += size) {
    const row = decodeTakeRow(layout, view, at)
    if (row === null || row.frame !== rows.length) break
    rows.push(row)
  }
  return rows
}
