/**
 * How numpy's arrays hide in MessagePack maps. openpi writes `__ndarray__` maps (its own `msgpack_numpy`), XPolicyLab the
 * `nd` maps of the PyPI package msgpack-numpy; the keys of both are bytes, and both are read with text keys too
 * (spec/peers.md §2.1, §2.5).
 */
import { elementsOf } from './array-values.ts'
import { parseDtype } from './dtype.ts'
import { decodeUtf8 } from './utf8-text.ts'
import { NdArray, NpScalar, WireFloat, type WireMap, type WireValue } from './wire-value.ts'

type Entries = readonly (readonly [key: string, value: WireValue])[]

export interface ArrayDialect {
  /** Entries in the order in which Python writes them; the keys go out as bytes. */
  packArray(array: NdArray): Entries
  /** Null where scalars travel as plain numbers. */
  packScalar(scalar: NpScalar): Entries | null
  /** Null for a map that is just a map, a text for one that should be an array and is not. */
  unpack(map: WireMap): NdArray | NpScalar | string | null
}

export const openpiArrays: ArrayDialect = {
  packArray: ({ data, dtype, shape }) => [
    ['__ndarray__', true],
    ['data', data],
    ['dtype', dtype],
    ['shape', shape],
  ],
  packScalar: (scalar) => [
    ['__npgeneric__', true],
    ['data', pythonItem(scalar)],
    ['dtype', scalar.dtype],
  ],
  unpack: (map) => {
    if (Object.hasOwn(map, '__ndarray__')) return arrayOf(map['data'], map['dtype'], map['shape'])
    return Object.hasOwn(map, '__npgeneric__') ? scalarOf(map['data'], map['dtype']) : null
  },
}

export const msgpackNumpyArrays: ArrayDialect = {
  packArray: ({ data, dtype, shape }) => [
    ['nd', true],
    ['type', dtype],
    ['kind', new Uint8Array(0)],
    ['shape', shape],
    ['data', data],
  ],
  packScalar: () => null,
  unpack: (map) => {
    if (map['nd'] === true) {
      const kind = map['kind']
      const isPlain = kind === undefined || ((isBytes(kind) || typeof kind === 'string') && kind.length === 0)
      return isPlain ? arrayOf(map['data'], map['type'], map['shape']) : 'an array of objects or records'
    }
    // A scalar is its bytes: an array without axes.
    return map['nd'] === false ? arrayOf(map['data'], map['type'], []) : null
  },
}

const isBytes = (value: WireValue | undefined): value is Uint8Array => value instanceof Uint8Array

/** What `item()` gives in Python: floats stay floats even when whole. */
export const pythonItem = ({ dtype, value }: NpScalar): WireValue =>
  typeof value === 'number' && parseDtype(dtype)?.kind === 'f' ? new WireFloat(value) : value

function arrayOf(
  data: WireValue | undefined,
  dtypeValue: WireValue | undefined,
  shape: WireValue | undefined,
): NdArray | string {
  const text = dtypeText(dtypeValue)
  const dtype = text === null ? null : parseDtype(text)
  if (text === null || dtype === null) return `an array of the dtype ${text ?? 'without a name'}`
  if (!isBytes(data)) return 'an array without bytes'
  if (!Array.isArray(shape) || !shape.every(isSize)) return 'an array without a shape'
  const bytes = elementsOf(shape) * dtype.itemBytes
  return data.length === bytes
    ? new NdArray(text, shape, data)
    : `an array ${text} [${shape.join(', ')}] of ${data.length} bytes, not ${bytes}`
}

function scalarOf(data: WireValue | undefined, dtypeValue: WireValue | undefined): NpScalar | string {
  const text = dtypeText(dtypeValue)
  if (text === null || parseDtype(text) === null) return 'a scalar without a known dtype'
  const isItem = ['boolean', 'number', 'bigint', 'string'].includes(typeof data) || isBytes(data)
  return isItem ? new NpScalar(text, data as NpScalar['value']) : 'a scalar without a value'
}

const isSize = (value: WireValue): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const dtypeText = (value: WireValue | undefined): string | null => {
  if (typeof value === 'string') return value
  return isBytes(value) ? decodeUtf8(value) : null
}
