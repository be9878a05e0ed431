import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { msgpackNumpyArrays, openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { float32Array, numbersOf, textOf } from '#core/policy/openpi/array-values.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import { isWireMap, NdArray, NpScalar, WireFloat, type WireValue } from '#core/policy/openpi/wire-value.ts'
import { unwrap } from '#core/result.ts'
import { golden } from './golden.ts'

const read = (bytes: Uint8Array): WireValue => unwrap(decodeWire(bytes, openpiArrays))
const write = (value: WireValue): Uint8Array => encodeWire(value, openpiArrays)
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const reason = (message: Uint8Array): string => {
  const decoded = decodeWire(message, openpiArrays)
  return decoded.ok ? 'accepted' : `${decoded.error.code}: ${String(decoded.error.data?.['reason'])}`
}

describe('messages of openpi, against the bytes of its own Python', () => {
  for (const { name, openpi: message, meaning } of golden.messages) {
    if ('array' in meaning) {
      it(`reads and writes an ${name}`, () => {
        const array = new NdArray(meaning.array, meaning.shape, meaning.hex)
        expect(read(message)).toEqual(array)
        expect(write(array)).toEqual(message)
        const numbers = [...unwrap(numbersOf(array))].map((value) => (Number.isFinite(value) ? value : null))
        expect(numbers).toEqual(meaning.numbers)
      })
    } else if ('scalar' in meaning) {
      it(`reads and writes a ${name}`, () => {
        const value = typeof meaning.value === 'string' ? BigInt(meaning.value) : meaning.value
        expect(read(message)).toEqual(new NpScalar(meaning.scalar, value))
        expect(write(new NpScalar(meaning.scalar, value))).toEqual(message)
      })
    } else if ('text' in meaning) {
      it(`reads an ${name} and writes it again`, () => {
        expect(textOf(read(message))).toBe(meaning.text)
        expect(write(read(message))).toEqual(message)
      })
    } else if ('wholeFloat' in meaning) {
      it(`keeps ${name} a float`, () => {
        expect(read(message)).toEqual({ infer_ms: 12 })
        expect(write({ infer_ms: new WireFloat(12) })).toEqual(message)
      })
    } else {
      it(`reads ${name} and writes the same bytes`, () => {
        expect(write(read(message))).toEqual(message)
      })
    }
  }

  it('writes the observation of the specification byte for byte', () => {
    const message = bytes(
      `82 b1 6f62736572766174696f6e2f7374617465 84 c40b 5f5f6e6461727261795f5f c3
      c404 64617461 c404 0000803f c405 6474797065 a3 3c6634 c405 7368617065 91 01 a6 70726f6d7074 a2 676f`.replaceAll(
        /\s/g,
        '',
      ),
    )
    const value = { 'observation/state': float32Array([1], [1]), prompt: 'go' }
    expect(write(value)).toEqual(message)
    expect(read(message)).toEqual(value)
  })

  it('reads arrays whose keys are text', () => {
    const message = bytes(
      `84 ab ${Buffer.from('__ndarray__').toString('hex')} c3 a4 64617461 c4 01 07 a5 6474797065 a3 7c7531 a5 7368617065 91 01`,
    )
    expect(read(message)).toEqual(new NdArray('|u1', [1], Uint8Array.of(7)))
  })
})

describe('messages of msgpack-numpy', () => {
  for (const { name, hex, array, shape, data } of golden.msgpackNumpy) {
    it(`reads ${name}`, () => {
      const value = new NdArray(array, shape, data)
      expect(unwrap(decodeWire(hex, msgpackNumpyArrays))).toEqual(value)
      if (name !== 'scalar') expect(encodeWire(value, msgpackNumpyArrays)).toEqual(hex)
    })
  }

  it('writes scalars as plain numbers', () => {
    const message = encodeWire([new NpScalar('<f4', 2)], msgpackNumpyArrays)
    expect(message).toEqual(Uint8Array.of(0x91, 0xcb, 0x40, 0, 0, 0, 0, 0, 0, 0))
  })

  it('refuses arrays of objects, which would be pickle', () => {
    const message = encodeWire(
      { nd: true, type: '|O', kind: Uint8Array.of(0x4f), shape: [1], data: new Uint8Array(8) },
      msgpackNumpyArrays,
    )
    expect(decodeWire(message, msgpackNumpyArrays)).toMatchObject({
      ok: false,
      error: { code: 'policy/remote-protocol' },
    })
  })
})

describe('hostile messages', () => {
  const array = (entries: Record<string, WireValue>): Uint8Array => write({ __ndarray__: true, ...entries })
  const data = new Uint8Array(8)

  it.each([
    ['nothing', new Uint8Array(0), /Insufficient|RangeError|extra|Offset/i],
    ['half a message', bytes('82 b1 6f62'), /./],
    ['two messages in one', bytes('01 02'), /Extra/i],
    ['a list that claims four thousand million entries', bytes('dd ffffffff'), /Max length/i],
    ['a map that claims as many', bytes('df ffffffff'), /Max length/i],
    ['an extension type', bytes('d4 05 00'), /extension/],
    ['a moment', bytes('d6 ff 00000001'), /extension/],
    ['a key that is a list', bytes('81 90 01'), /key/],
    ['a key that is a prototype', bytes(`81 a9 ${Buffer.from('__proto__').toString('hex')} 01`), /__proto__/],
    ['nested forty deep', bytes('91'.repeat(40) + '01'), /nested/],
    ['an array of objects', array({ data, dtype: '|O', shape: [1] }), /dtype/],
    ['an array of complex numbers', array({ data, dtype: '<c8', shape: [1] }), /dtype/],
    ['an array of records', array({ data, dtype: '|V8', shape: [1] }), /dtype/],
    ['an array without bytes', array({ data: 'text', dtype: '|u1', shape: [4] }), /bytes/],
    ['an array without a shape', array({ data, dtype: '|u1' }), /shape/],
    ['an array with a negative axis', array({ data, dtype: '|u1', shape: [-8] }), /shape/],
    ['an array whose bytes are too few', array({ data, dtype: '<f8', shape: [2] }), /8 bytes, not 16/],
    ['a scalar without a value', write({ __npgeneric__: true, dtype: '<f4', data: null }), /scalar/],
  ])('%s is refused', (_name, message, why) => {
    expect(reason(message)).toMatch(/^policy\/remote-protocol: /)
    expect(reason(message)).toMatch(why)
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        expect(typeof decodeWire(message, openpiArrays).ok).toBe('boolean')
        expect(typeof decodeWire(message, msgpackNumpyArrays).ok).toBe('boolean')
      }),
    )
  })
})

describe('any message', () => {
  const dtypes = fc.constantFrom(
    ['|u1', 1] as const,
    ['|b1', 1] as const,
    ['<i2', 2] as const,
    ['>i4', 4] as const,
    ['<f4', 4] as const,
    ['<f8', 8] as const,
    ['<U3', 12] as const,
    ['|S5', 5] as const,
    ['<M8[ns]', 8] as const,
  )
  const array = fc
    .tuple(dtypes, fc.array(fc.nat({ max: 3 }), { maxLength: 4 }))
    .chain(([[dtype, size], shape]) => {
      const length = size * shape.reduce((count, axis) => count * axis, 1)
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((data) => new NdArray(dtype, shape, data))
    })
  const scalar = fc.oneof(
    fc.double({ noNaN: true }).map((value) => new NpScalar('<f8', value)),
    fc.maxSafeInteger().map((value) => new NpScalar('<i8', value)),
    fc.boolean().map((value) => new NpScalar('|b1', value)),
  )
  const { value: anyValue } = fc.letrec<{ value: WireValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 64n - 1n }),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
      array,
      scalar,
      fc.array(tie('value'), { maxLength: 20 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__' && key !== '__ndarray__' && key !== '__npgeneric__'),
        tie('value'),
        { maxKeys: 20, noNullPrototype: true },
      ),
    ),
  }))

  it('comes back as it was, in openpi’s dialect', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(read(write(value))).toEqual(value)
      }),
    )
  })

  it('comes back as it was, in msgpack-numpy’s, for messages of arrays', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'nd'), array, { noNullPrototype: true }),
        (value) => {
          const back = unwrap(decodeWire(encodeWire(value, msgpackNumpyArrays), msgpackNumpyArrays))
          expect(back).toEqual(value)
          expect(isWireMap(back)).toBe(true)
        },
      ),
    )
  })
})
