import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FeetechDecoder, type FeetechPacket } from '#core/bus/feetech-decoder.ts'
import { encodePacket, encodeStatus } from '#core/bus/feetech-packet.ts'

const concat = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const brief = (packets: readonly FeetechPacket[]): readonly unknown[] =>
  packets.map((packet) => [packet.id, packet.code, [...packet.params]])

const anyPacket = fc
  .record({
    id: fc.integer({ min: 0, max: 253 }),
    code: fc.integer({ min: 0, max: 255 }),
    params: fc.uint8Array({ maxLength: 20 }),
  })
  .map(({ id, code, params }) => encodePacket(id, code, params))

/** Cuts `bytes` at random places. */
const fragments = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const at = [...new Set([0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length])].sort(
    (a, b) => a - b,
  )
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

describe('the Feetech decoder', () => {
  it('finds every packet of a clean stream, however it is cut into fragments', () => {
    fc.assert(
      fc.property(
        fc.array(anyPacket, { maxLength: 6 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
        (packets, cuts) => {
          const decoder = new FeetechDecoder()
          const found = fragments(concat(...packets), cuts).flatMap((part) => decoder.push(part))
          expect(found.map((packet) => [...packet.bytes])).toEqual(packets.map((packet) => [...packet]))
          expect(decoder.corrupt + decoder.skippedBytes + decoder.pendingBytes).toBe(0)
        },
      ),
    )
  })

  it('finds the packets between stretches of noise that holds no header', () => {
    const noise = fc.uint8Array({ maxLength: 30 }).map((bytes) => bytes.map((byte) => Math.min(byte, 0xfe)))
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, anyPacket), { maxLength: 5 }), (parts) => {
        const decoder = new FeetechDecoder()
        const found = decoder.push(concat(...parts.flat()))
        expect(found.map((packet) => [...packet.bytes])).toEqual(parts.map(([, packet]) => [...packet]))
      }),
    )
  })

  it('drops a packet with one bit flipped anywhere but in its length, and finds the intact one after it', () => {
    const intact = encodeStatus(2, 0, [5, 6])
    const headerless = anyPacket.filter((packet) => !packet.subarray(2).includes(0xff))
    fc.assert(
      fc.property(headerless, fc.nat(), (packet, seed) => {
        const bit = seed % (packet.length * 8)
        fc.pre(bit >> 3 !== 3)
        const damaged = packet.slice()
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const decoder = new FeetechDecoder()
        const found = [...decoder.push(concat(damaged, intact)), ...decoder.flush()]
        expect(found.map((each) => [...each.bytes])).not.toContainEqual([...packet])
        expect(brief(found)).toContainEqual([2, 0, [5, 6]])
      }),
    )
  })

  it('is not fooled by a third FF before the id, as line noise in front of a header makes', () => {
    const decoder = new FeetechDecoder()
    expect(brief(decoder.push(concat(Uint8Array.of(0xff), encodeStatus(1, 0, [9]))))).toEqual([[1, 0, [9]]])
    expect(decoder.skippedBytes).toBe(1)
  })

  it('gives a packet hidden behind a false header with a large length once it is told that no more will come', () => {
    const decoder = new FeetechDecoder()
    expect(decoder.push(concat(Uint8Array.of(0xff, 0xff, 0x01, 0xf0), encodeStatus(3, 0, [1, 2])))).toEqual(
      [],
    )
    expect(brief(decoder.flush())).toEqual([[3, 0, [1, 2]]])
    expect(decoder.pendingBytes).toBe(0)
  })

  it('does not wait at all for a length above the largest that can come', () => {
    const decoder = new FeetechDecoder({ maxLength: 17 })
    const found = decoder.push(concat(Uint8Array.of(0xff, 0xff, 0x01, 0xf0), encodeStatus(3, 0, [1, 2])))
    expect(brief(found)).toEqual([[3, 0, [1, 2]]])
  })

  it('counts what was damaged and forgets what is pending when asked', () => {
    const decoder = new FeetechDecoder()
    const damaged = encodeStatus(1, 0, [1])
    damaged[5] = 7
    expect(decoder.push(damaged)).toEqual([])
    expect(decoder.corrupt).toBe(1)
    decoder.push(Uint8Array.of(0xff, 0xff, 1))
    decoder.clear()
    expect(brief(decoder.push(encodeStatus(1, 0, [4])))).toEqual([[1, 0, [4]]])
  })
})
