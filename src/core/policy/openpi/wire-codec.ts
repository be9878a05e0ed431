/**
 * Messages of policy servers, byte for byte as Python's msgpack with numpy writes them (spec/peers.md §2.1). The MessagePack
 * package cannot write the byte keys of array maps, so maps, lists and their lengths are written here and it does the rest.
 */
import { decode, encode } from '@msgpack/msgpack'
import { encodeUtf8 } from '../../onnx/utf8.ts'
import { fail, ok, type Result } from '../../result.ts'
import { pythonItem, type ArrayDialect } from './array-dialect.ts'
import { decodeUtf8 } from './utf8-text.ts'
import { NdArray, NpScalar, WireFloat, type WireMap, type WireValue } from './wire-value.ts'

/** Deeper than any observation; a hostile message must not exhaust the stack. */
const maxDepth = 32

export function encodeWire(value: WireValue, arrays: ArrayDialect): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  write(value, arrays, parts)
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function write(value: WireValue, arrays: ArrayDialect, parts: Uint8Array[]): void {
  if (value instanceof NdArray || value instanceof NpScalar) writeNumpy(value, arrays, parts)
  else if (value instanceof WireFloat) parts.push(encode(value.value, { forceIntegerToFloat: true }))
  else if (typeof value === 'bigint') parts.push(encodeInteger(value))
  else if (value instanceof Uint8Array || typeof value !== 'object' || value === null)
    parts.push(encode(value))
  else if (isList(value)) {
    parts.push(header(value.length, 0x90, 0xdc))
    for (const entry of value) write(entry, arrays, parts)
  } else {
    const entries = Object.entries(value)
    parts.push(header(entries.length, 0x80, 0xde))
    for (const [key, entry] of entries) {
      parts.push(encode(key))
      write(entry, arrays, parts)
    }
  }
}

function writeNumpy(value: NdArray | NpScalar, arrays: ArrayDialect, parts: Uint8Array[]): void {
  const scalar = value instanceof NpScalar ? arrays.packScalar(value) : null
  if (value instanceof NpScalar && scalar === null) return write(pythonItem(value), arrays, parts)
  const entries = value instanceof NdArray ? arrays.packArray(value) : (scalar ?? [])
  parts.push(header(entries.length, 0x80, 0xde))
  for (const [key, entry] of entries) {
    parts.push(encode(encodeUtf8(key)))
    write(entry, arrays, parts)
  }
}

const isList = (value: readonly WireValue[] | WireMap): value is readonly WireValue[] => Array.isArray(value)

/** Python takes the shortest form, which the package does for numbers only. */
const encodeInteger = (value: bigint): Uint8Array =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? encode(Number(value))
    : encode(value, { useBigInt64: true })

/** The length of a map or list: in the first byte up to 15, else two or four bytes after it. */
function header(count: number, short: number, long: number): Uint8Array {
  if (count < 16) return Uint8Array.of(short | count)
  if (count < 0x10000) return Uint8Array.of(long, count >> 8, count & 0xff)
  const bytes = new Uint8Array(5)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, long + 1)
  view.setUint32(1, count)
  return bytes
}

/**
 * Reads one message. Bytes in the result are views of `bytes`.
 * @returns `policy/remote-protocol` for anything but one whole value of the kinds above
 */
export function decodeWire(bytes: Uint8Array, arrays: ArrayDialect): Result<WireValue> {
  try {
    // No list is longer than the message that holds it: a hostile length must not reserve memory.
    const raw: unknown = decode(bytes, {
      useBigInt64: true,
      mapKeyConverter: keyText,
      maxArrayLength: bytes.length,
      maxMapLength: bytes.length,
    })
    return ok(convert(raw, arrays, 0))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('policy/remote-protocol', `not a message of a policy server: ${reason}`, { reason })
  }
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return key
  if (key instanceof Uint8Array) return decodeUtf8(key)
  if (typeof key === 'number' || typeof key === 'bigint') return String(key)
  throw new Error('a key that is no text')
}

function convert(raw: unknown, arrays: ArrayDialect, depth: number): WireValue {
  if (depth > maxDepth) throw new Error(`nested deeper than ${maxDepth}`)
  if (raw === null || typeof raw === 'boolean' || typeof raw === 'number' || typeof raw === 'string')
    return raw
  if (typeof raw === 'bigint') return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw
  if (raw instanceof Uint8Array) return raw
  if (Array.isArray(raw)) return raw.map((entry) => convert(entry, arrays, depth + 1))
  if (typeof raw !== 'object' || Object.getPrototypeOf(raw) !== Object.prototype)
    throw new Error('an extension type')
  const map = Object.fromEntries(
    Object.entries(raw).map(([key, entry]) => [key, convert(entry, arrays, depth + 1)]),
  )
  const found = arrays.unpack(map)
  if (typeof found === 'string') throw new Error(found)
  return found ?? map
}
