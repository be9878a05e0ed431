/** What a shared library asks the loader for: the DT_NEEDED entries of a 64-bit little-endian ELF file (System V gABI, ch. 5). */
import { closeSync, openSync, readSync } from 'node:fs'

const headerBytes = 64
const programHeaderBytes = 56
const isLoad = 1
const isDynamic = 2
const tagNeeded = 1n
const tagStrings = 5n
const tagStringsBytes = 10n
/** Nothing real has a longer table; what claims one is damaged. */
const longestBytes = 16 * 1024 * 1024

interface Segment {
  readonly type: number
  readonly fileAt: number
  readonly address: number
  readonly bytes: number
}

/** @returns names such as `libcublas.so.13`; null where the file cannot be read or is no such library */
export function neededLibraries(path: string): readonly string[] | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return null
  }
  try {
    return readNeeded((at, bytes) => {
      if (!(bytes >= 0 && bytes <= longestBytes)) throw new RangeError(`${bytes} bytes`)
      const part = Buffer.alloc(bytes)
      if (readSync(file, part, 0, bytes, at) !== bytes) throw new RangeError('the file ends early')
      return part
    })
  } catch {
    return null
  } finally {
    closeSync(file)
  }
}

function readNeeded(read: (at: number, bytes: number) => Buffer): readonly string[] | null {
  const header = read(0, headerBytes)
  const isElf64 = header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1
  if (!isElf64 || header.readUInt16LE(54) !== programHeaderBytes) return null
  const table = read(Number(header.readBigUInt64LE(32)), header.readUInt16LE(56) * programHeaderBytes)
  const segments: Segment[] = []
  for (let at = 0; at < table.length; at += programHeaderBytes)
    segments.push({
      type: table.readUInt32LE(at),
      fileAt: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      bytes: Number(table.readBigUInt64LE(at + 32)),
    })
  const dynamic = segments.find(({ type }) => type === isDynamic)
  if (dynamic === undefined) return []
  const entries = read(dynamic.fileAt, dynamic.bytes)
  const values = (tag: bigint): number[] => {
    const found: number[] = []
    for (let at = 0; at + 16 <= entries.length; at += 16)
      if (entries.readBigInt64LE(at) === tag) found.push(Number(entries.readBigUInt64LE(at + 8)))
    return found
  }
  const [address] = values(tagStrings)
  const [bytes] = values(tagStringsBytes)
  if (address === undefined || bytes === undefined) return []
  const place = segments.find(
    (segment) =>
      segment.type === isLoad && address >= segment.address && address < segment.address + segment.bytes,
  )
  if (place === undefined) return null
  const strings = read(place.fileAt + address - place.address, bytes)
  return values(tagNeeded).map((start) => strings.toString('latin1', start, strings.indexOf(0, start)))
}
