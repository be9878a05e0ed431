import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FeetechExchange } from '#core/bus/feetech-exchange.ts'
import { encodePing, encodeRead, encodeStatus, encodeSyncRead } from '#core/bus/feetech-packet.ts'

const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const readTwo = (id: number): FeetechExchange =>
  new FeetechExchange({ bytes: encodeRead(id, 56, 2), ids: [id], answerLength: 2 })
const params = (exchange: FeetechExchange, id: number): readonly number[] | undefined => {
  const answer = exchange.answers.get(id)
  return answer && [...answer.params]
}

describe('one exchange on a Feetech bus', () => {
  it('is complete at once when nobody is asked to answer', () => {
    expect(new FeetechExchange({ bytes: encodePing(1), ids: [], answerLength: 0 }).isComplete).toBe(true)
  })

  it('collects one answer per servo, in whatever order and fragments they come', () => {
    const ids = [1, 2, 3]
    const answers = ids.map((id) => encodeStatus(id, 0, [id, id * 2]))
    const order = fc.shuffledSubarray(answers, { minLength: 3 })
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 9 }), (shuffled, size) => {
        const exchange = new FeetechExchange({ bytes: encodeSyncRead(ids, 56, 2), ids, answerLength: 2 })
        const stream = join(...shuffled)
        for (let at = 0; at < stream.length; at += size) exchange.push(stream.subarray(at, at + size), at)
        expect(exchange.isComplete).toBe(true)
        for (const id of ids) expect(params(exchange, id)).toEqual([id, id * 2])
      }),
    )
  })

  it('stamps each answer with the time of the bytes that completed it', () => {
    const exchange = readTwo(1)
    const status = encodeStatus(1, 0, [1, 2])
    exchange.push(status.subarray(0, 5), 100)
    exchange.push(status.subarray(5), 250)
    expect(exchange.answers.get(1)?.timeUs).toBe(250)
  })

  it('keeps error bits beside the data', () => {
    const exchange = readTwo(1)
    exchange.push(encodeStatus(1, 0x20, [1, 2]), 0)
    expect(exchange.answers.get(1)?.errorBits).toBe(0x20)
  })

  it('takes no status of another length: a late answer to an earlier request', () => {
    const exchange = readTwo(1)
    exchange.push(encodeStatus(1, 0, new Uint8Array(15)), 0)
    exchange.push(encodeStatus(1, 0, [7]), 0)
    expect(exchange.isComplete).toBe(false)
    expect(exchange.isClean).toBe(false)
  })

  it('takes no status of a servo it did not ask, and only the first of two', () => {
    const exchange = readTwo(1)
    exchange.push(join(encodeStatus(2, 0, [9, 9]), encodeStatus(1, 0, [1, 2]), encodeStatus(1, 0, [3, 4])), 0)
    expect(params(exchange, 1)).toEqual([1, 2])
    expect(exchange.isClean).toBe(false)
  })

  it('counts a damaged answer and is still open for a good one', () => {
    const exchange = readTwo(1)
    const damaged = encodeStatus(1, 0, [1, 2])
    damaged[6] = 9
    exchange.push(join(damaged, encodeStatus(1, 0, [3, 4])), 0)
    expect(exchange.corrupt).toBe(1)
    expect(params(exchange, 1)).toEqual([3, 4])
  })

  it('looks behind noise that promised a longer packet when it ends', () => {
    const exchange = new FeetechExchange({ bytes: encodeSyncRead([1], 56, 15), ids: [1], answerLength: 15 })
    const status = encodeStatus(1, 0, new Uint8Array(15).fill(7))
    exchange.push(join(Uint8Array.of(0xff, 0xff, 0x05, 0x11), status.subarray(0, 20)), 0)
    exchange.push(status.subarray(20), 1)
    exchange.end(2)
    expect(params(exchange, 1)).toEqual(Array.from({ length: 15 }, () => 7))
  })

  it('ignores the echo of its own request, even where a status of that length could look the same', () => {
    const exchange = readTwo(1)
    exchange.push(join(encodeRead(1, 56, 2), encodeStatus(1, 0, [5, 6])), 0)
    expect(params(exchange, 1)).toEqual([5, 6])
    expect(exchange.isClean).toBe(true)
  })

  it('takes a ping answered with a voltage error, which reads like the ping itself, when nothing else comes', () => {
    const ping = new FeetechExchange({ bytes: encodePing(1), ids: [1], answerLength: 0 })
    ping.push(encodeStatus(1, 0x01), 7)
    expect(ping.isComplete).toBe(false)
    ping.end(9)
    expect(ping.answers.get(1)).toMatchObject({ errorBits: 1, timeUs: 7 })
  })

  it('takes the second of two equal packets as the answer when the adapter echoes', () => {
    const ping = new FeetechExchange({ bytes: encodePing(1), ids: [1], answerLength: 0 })
    ping.push(join(encodePing(1), encodeStatus(1, 0x01)), 0)
    expect(ping.isComplete).toBe(true)
  })

  it('does not take the echo of a read for an answer when it ends', () => {
    const exchange = new FeetechExchange({ bytes: encodeRead(1, 3, 1), ids: [1], answerLength: 1 })
    exchange.push(encodeRead(1, 3, 1), 0)
    exchange.end(1)
    expect(exchange.isComplete).toBe(false)
  })
})
