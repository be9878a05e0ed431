/**
 * Reads the header of a `.safetensors` file: eight bytes of length (little-endian), that many bytes of JSON, then the
 * data. Nothing of the data is touched; every number of the header is checked against the file before it is believed,
 * because a checkpoint comes from the internet.
 */
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import { bytesOf, isSafetensorsDtype } from './safetensors-dtype.ts'
import type { SafetensorsDtype } from './safetensors-dtype.ts'

export interface SafetensorsEntry {
  readonly dtype: SafetensorsDtype
  readonly shape: readonly number[]
  /** First byte, counted from the beginning of the file. */
  readonly offset: number
  readonly length: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>
  /** `__metadata__`; PyTorch's `save_model` names tied tensors in it: dropped name → kept name. */
  readonly metadata: ReadonlyMap<string, string>
}

/** Bytes before the header's JSON. */
export const lengthBytes = 8
/** The format's own limit. The real 3B header is about 0.2 MB. */
const longestHeader = 100_000_000

/** `version ` begins the text that a clone without Git LFS has in the place of each big file. */
const pointerStart = [0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x20]

const damaged = (message: string, data?: Readonly<Record<string, unknown>>) =>
  fail('policy/checkpoint-damaged', message, data)

/**
 * @param prefix the first eight bytes
 * @returns bytes of JSON that follow, or `policy/checkpoint-damaged`
 */
export function readHeaderLength(prefix: Uint8Array, fileSize: number): Result<number> {
  if (prefix.length < lengthBytes || fileSize < lengthBytes)
    return damaged('the file is shorter than a header', { fileSize })
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (pointerStart.every((byte, at) => prefix[at] === byte))
    return damaged(
      'this is a Git LFS pointer, not the weights: run `git lfs pull` in the folder, or download the file itself',
    )
  if (length > longestHeader) return damaged(`a header of ${length} bytes is no checkpoint's`, { length })
  if (length < 2 || length > fileSize - lengthBytes) {
    return damaged(`the header says ${length} bytes, the file has ${fileSize - lengthBytes}`, {
      length,
      fileSize,
    })
  }
  return ok(length)
}

/**
 * @param text the header's JSON, decoded as UTF-8
 * @param headerBytes its length in bytes
 * @returns every tensor inside the file and overlapping no other, or `policy/checkpoint-damaged` naming the first that is not
 */
export function parseSafetensorsHeader(
  text: string,
  headerBytes: number,
  fileSize: number,
): Result<SafetensorsHeader> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return damaged('the header is not JSON')
  }
  if (!isObject(json)) return damaged('the header is not an object')
  const base = lengthBytes + headerBytes
  const tensors = new Map<string, SafetensorsEntry>()
  const metadata = new Map<string, string>()
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') {
      if (!isObject(value)) return damaged('__metadata__ is not an object')
      for (const [key, text] of Object.entries(value)) if (typeof text === 'string') metadata.set(key, text)
      continue
    }
    const entry = readEntry(value, base, fileSize)
    if (typeof entry === 'string') return damaged(`tensor ${name}: ${entry}`, { tensor: name })
    tensors.set(name, entry)
  }
  const overlap = findOverlap(tensors)
  return overlap === null
    ? ok({ tensors, metadata })
    : damaged(`tensors ${overlap.join(' and ')} overlap`, { tensor: overlap[0] })
}

/** The entry, or what is wrong with it. */
function readEntry(value: unknown, base: number, fileSize: number): SafetensorsEntry | string {
  if (!isObject(value)) return 'not an object'
  const { dtype, shape, data_offsets: offsets } = value
  if (!isSafetensorsDtype(dtype)) return `unknown dtype ${String(dtype)}`
  if (!isSizes(shape)) return 'its shape is no list of sizes'
  if (!isSizes(offsets) || offsets.length !== 2) return 'its offsets are no two positions'
  const [begin = 0, end = 0] = offsets
  if (begin > end || base + end > fileSize)
    return `bytes ${begin}…${end} are not in a file with ${fileSize - base} bytes of data`
  const count = shape.reduce((product, size) => product * size, 1)
  if (!Number.isSafeInteger(count)) return `a shape of [${shape.join(', ')}]`
  const needed = bytesOf(dtype, count)
  if (needed !== end - begin)
    return `[${shape.join(', ')}] of ${dtype} needs ${String(needed)} bytes, it has ${end - begin}`
  return { dtype, shape, offset: base + begin, length: end - begin }
}

/** Two tensors that share a byte, or null. */
function findOverlap(tensors: ReadonlyMap<string, SafetensorsEntry>): [string, string] | null {
  const sorted = [...tensors]
    .filter(([, { length }]) => length > 0)
    .toSorted(([, a], [, b]) => a.offset - b.offset)
  for (const [index, [name, entry]] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next !== undefined && entry.offset + entry.length > next[1].offset) return [name, next[0]]
  }
  return null
}

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
