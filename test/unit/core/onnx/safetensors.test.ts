import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexCheckpoint, parseShardIndex } from '#core/onnx/checkpoint-index.ts'
import { floatsOf, roundToBfloat16, widenBfloat16, widenFloat16 } from '#core/onnx/half-floats.ts'
import { bytesOf, onnxTypeOf } from '#core/onnx/safetensors-dtype.ts'
import {
  parseSafetensorsHeader,
  readHeaderLength,
  type SafetensorsHeader,
} from '#core/onnx/safetensors-header.ts'

const parse = (json: unknown, dataBytes = 64) => {
  const text = typeof json === 'string' ? json : JSON.stringify(json)
  const headerBytes = new TextEncoder().encode(text).length
  return parseSafetensorsHeader(text, headerBytes, 8 + headerBytes + dataBytes)
}

const messageOf = (json: unknown, dataBytes?: number): string => {
  const result = parse(json, dataBytes)
  return result.ok ? 'accepted' : `${result.error.code} ${result.error.message}`
}

const header = (json: unknown): SafetensorsHeader => {
  const result = parse(json)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

describe('a safetensors header', () => {
  it('gives every tensor’s place in the file, and the metadata', () => {
    const json = {
      __metadata__: { tied: 'a' },
      a: tensor(0, 24, [2, 3]),
      scalar: tensor(24, 26, [], 'BF16'),
      none: tensor(26, 26, [0, 5]),
    }
    const base = 8 + JSON.stringify(json).length
    const { tensors, metadata } = header(json)
    expect(tensors.get('a')).toEqual({ dtype: 'F32', shape: [2, 3], offset: base, length: 24 })
    expect(tensors.get('scalar')).toEqual({ dtype: 'BF16', shape: [], offset: base + 24, length: 2 })
    expect(tensors.get('none')?.length).toBe(0)
    expect(metadata).toEqual(new Map([['tied', 'a']]))
  })

  it('is read back for any layout of tensors', () => {
    const dtypes = fc.constantFrom('F32', 'BF16', 'F16', 'I64', 'U8', 'BOOL', 'F64', 'F8_E4M3' as const)
    const layout = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
      fc.tuple(dtypes, fc.array(fc.nat({ max: 5 }), { maxLength: 3 })),
    )
    fc.assert(
      fc.property(layout, (tensors) => {
        let end = 0
        const json = Object.fromEntries(
          Object.entries(tensors).map(([name, [dtype, shape]]) => {
            const begin = end
            end +=
              bytesOf(
                dtype,
                shape.reduce((product, size) => product * size, 1),
              ) ?? 0
            return [name, { dtype, shape, data_offsets: [begin, end] }]
          }),
        )
        const result = parse(json, end)
        expect(result.ok && [...result.value.tensors.keys()].toSorted()).toEqual(
          Object.keys(tensors).toSorted(),
        )
      }),
    )
  })

  it('never throws, whatever the bytes: it answers with a header inside the file, or with a fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ a: value })),
        ),
        (text) => {
          const result = parse(text)
          if (result.ok)
            for (const { offset, length } of result.value.tensors.values())
              expect(offset + length).toBeLessThanOrEqual(72 + text.length * 4)
          else expect(result.error.code).toBe('policy/checkpoint-damaged')
        },
      ),
    )
  })

  it.each<[string, unknown, string]>([
    ['text', 'x', 'not JSON'],
    ['a list', [], 'not an object'],
    ['a tensor that is a number', { a: 1 }, 'tensor a: not an object'],
    ['an unknown dtype', { a: tensor(0, 4, [1], 'F128') }, 'unknown dtype F128'],
    ['a dtype from the prototype', { a: tensor(0, 4, [1], 'toString') }, 'unknown dtype toString'],
    ['a negative size', { a: tensor(0, 4, [-1]) }, 'its shape is no list of sizes'],
    ['a size that is no integer', { a: tensor(0, 4, [0.5]) }, 'its shape is no list of sizes'],
    ['a size beyond all numbers', { a: tensor(0, 4, [2 ** 52, 2 ** 52]) }, 'a shape of'],
    ['one offset', { a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, 'no two positions'],
    ['offsets in the wrong order', { a: tensor(8, 4, [1]) }, 'are not in a file'],
    ['bytes past the end', { a: tensor(0, 128) }, 'bytes 0…128 are not in a file with 64 bytes of data'],
    ['a shape of another size', { a: tensor(0, 8, [3]) }, '[3] of F32 needs 12 bytes, it has 8'],
    ['tensors that overlap', { a: tensor(0, 8), b: tensor(4, 12) }, 'tensors a and b overlap'],
    ['metadata that is a list', { __metadata__: [] }, '__metadata__ is not an object'],
  ])('is refused for %s', (_, json, text) => {
    const message = messageOf(json)
    expect(message).toContain('policy/checkpoint-damaged')
    expect(message).toContain(text)
  })

  it('is refused when the length before it cannot be true', () => {
    const prefix = (length: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(length).buffer)
    expect(readHeaderLength(prefix(100n), 1000)).toEqual({ ok: true, value: 100 })
    expect(readHeaderLength(prefix(992n), 1000)).toEqual({ ok: true, value: 992 })
    for (const [length, size] of [
      [993n, 1000],
      [0n, 1000],
      [100_000_001n, 2 ** 40],
      [2n ** 63n, 2 ** 40],
      [2n, 4],
    ] as const) {
      expect(readHeaderLength(prefix(length), size)).toMatchObject({
        ok: false,
        error: { code: 'policy/checkpoint-damaged' },
      })
    }
    expect(readHeaderLength(new Uint8Array(3), 1000)).toMatchObject({ ok: false })
  })
})

describe('a checkpoint of several files', () => {
  const one = header({ __metadata__: { embed: 'head' }, head: tensor(0, 8) })
  const two = header({ b: tensor(0, 4) })

  it('is one index; a tied name leads to the tensor that was kept', () => {
    const index = indexCheckpoint(
      new Map([
        ['1.safetensors', one],
        ['2.safetensors', two],
      ]),
    )
    if (!index.ok) throw new Error(index.error.message)
    expect(index.value.find('embed')).toMatchObject({ storedAs: 'head', file: '1.safetensors', length: 8 })
    expect(index.value.find('b')).toMatchObject({ storedAs: 'b', file: '2.safetensors' })
    expect(index.value.find('c')).toBeUndefined()
  })

  it('is refused when two files hold the same tensor', () => {
    expect(
      indexCheckpoint(
        new Map([
          ['1.safetensors', two],
          ['2.safetensors', two],
        ]),
      ),
    ).toMatchObject({
      ok: false,
      error: { code: 'policy/checkpoint-damaged', data: { tensor: 'b' } },
    })
  })

  it('names its files in the shard index, never a path', () => {
    expect(
      parseShardIndex('{"weight_map":{"a":"m-2.safetensors","b":"m-1.safetensors","c":"m-2.safetensors"}}'),
    ).toEqual({
      ok: true,
      value: ['m-1.safetensors', 'm-2.safetensors'],
    })
    for (const text of [
      '{',
      '[]',
      '{}',
      '{"weight_map":{"a":"../b.safetensors"}}',
      '{"weight_map":{"a":"b.bin"}}',
      '{"weight_map":{"a":1}}',
    ]) {
      expect(parseShardIndex(text)).toMatchObject({ ok: false, error: { code: 'policy/checkpoint-damaged' } })
    }
  })
})

describe('16-bit floats', () => {
  it('widen to what they are', () => {
    expect(Array.from(widenBfloat16(Uint16Array.of(0x3f80, 0xc000, 0x0000, 0x7f80)))).toEqual([
      1,
      -2,
      0,
      Infinity,
    ])
    expect(Array.from(widenFloat16(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0xfc00, 0x8000)))).toEqual([
      1,
      -2,
      2 ** -24,
      65504,
      -Infinity,
      -0,
    ])
    expect(widenFloat16(Uint16Array.of(0x7e00))[0]).toBeNaN()
  })

  it('round to bfloat16 as the reference does: nearest, ties to even', () => {
    expect([0.78583, 0.6175287, 0.4852726].map(roundToBfloat16)).toEqual([0.78515625, 0.6171875, 0.484375])
    expect(roundToBfloat16(1 + 2 ** -8)).toBe(1)
    expect(roundToBfloat16(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7f7f }), (bits) => {
        const value = widenBfloat16(Uint16Array.of(bits))[0] ?? 0
        expect(roundToBfloat16(value)).toBe(value)
      }),
    )
  })

  it('are read from any offset, and other types are not taken for floats', () => {
    const bytes = Uint8Array.of(9, 0x80, 0x3f, 0x00, 0xc0)
    expect(Array.from(floatsOf('BF16', bytes.subarray(1)) ?? [])).toEqual([1, -2])
    expect(floatsOf('I64', new Uint8Array(8))).toBeNull()
    expect(onnxTypeOf('BF16')).toBe('bfloat16')
    expect(onnxTypeOf('F8_E4M3')).toBeNull()
  })
})
