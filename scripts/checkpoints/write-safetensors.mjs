/** Writes a safetensors file tensor by tensor; a tensor without data becomes a hole, which costs no disk. */
import { open } from 'node:fs/promises'

const bytesOf = { F32: 4, BF16: 2, F16: 2, I64: 8 }

/**
 * @param {string} path
 * @param {ReadonlyMap<string, { dtype: keyof typeof bytesOf, shape: readonly number[], data: ((index: number) => number) | null }>} tensors
 * @param {Record<string, string>} metadata
 */
export async function writeSafetensors(path, tensors, metadata) {
  let end = 0
  const header = { __metadata__: metadata }
  const places = []
  for (const [name, { dtype, shape, data }] of tensors) {
    const count = shape.reduce((product, size) => product * size, 1)
    const length = count * bytesOf[dtype]
    header[name] = { dtype, shape, data_offsets: [end, end + length] }
    places.push({ at: end, count, dtype, data })
    end += length
  }
  const json = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')])
  const file = await open(path, 'w')
  try {
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64LE(BigInt(padded.length))
    await file.write(prefix, 0, 8, 0)
    await file.write(padded, 0, padded.length, 8)
    const base = 8 + padded.length
    for (const { at, count, dtype, data } of places)
      if (data !== null) await file.write(encode(dtype, count, data), 0, count * bytesOf[dtype], base + at)
    await file.truncate(base + end)
  } finally {
    await file.close()
  }
}

function encode(dtype, count, data) {
  if (dtype === 'I64')
    return new Uint8Array(BigInt64Array.from({ length: count }, (_, at) => BigInt(data(at))).buffer)
  const floats = Float32Array.from({ length: count }, (_, at) => data(at))
  if (dtype === 'F32') return new Uint8Array(floats.buffer)
  const wide = new Uint32Array(floats.buffer)
  // bfloat16: the upper half, rounded to nearest even.
  const half = Uint16Array.from(wide, (bits) => (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16)
  return new Uint8Array(half.buffer)
}
