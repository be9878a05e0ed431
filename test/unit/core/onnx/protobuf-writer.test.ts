import * as fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { ProtobufWriter } from '#core/onnx/protobuf-writer.ts'
import { encodeUtf8 } from '#core/onnx/utf8.ts'

describe('protobuf writer', () => {
  it('writes any safe integer as protobufjs reads an int64', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 20 }), (value, number) => {
        const writer = new ProtobufWriter()
        writer.varintField(number, value)
        const reader = protobuf.Reader.create(writer.toBytes())
        expect(reader.uint32()).toBe(number * 8)
        expect(Number(reader.int64())).toBe(value)
        expect(reader.pos).toBe(reader.len)
      }),
    )
  })

  it('gives a nested message its length, whatever its size', () => {
    for (const size of [0, 1, 127, 128, 16_383, 16_384, 3_000_000]) {
      const writer = new ProtobufWriter()
      writer.messageField(3, () => writer.bytesField(1, new Uint8Array(size).fill(7)))
      writer.varintField(4, 9)
      const reader = protobuf.Reader.create(writer.toBytes())
      expect(reader.uint32()).toBe(3 * 8 + 2)
      const end = reader.uint32() + reader.pos
      expect(reader.uint32()).toBe(1 * 8 + 2)
      expect(reader.bytes().length).toBe(size)
      expect(reader.pos).toBe(end)
      expect(reader.uint32()).toBe(4 * 8)
      expect(reader.uint32()).toBe(9)
    }
  })

  it('refuses a number that is no integer', () => {
    expect(() => new ProtobufWriter().varintField(1, 0.5)).toThrow(RangeError)
  })
})

describe('UTF-8', () => {
  it('equals the platform’s encoder for every string, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units)
        expect(encodeUtf8(text).join()).toBe(new TextEncoder().encode(text).join())
      }),
    )
    expect(encodeUtf8('a\ud800é中🤖')).toEqual(new TextEncoder().encode('a\ud800é中🤖'))
  })
})
