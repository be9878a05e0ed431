import { describe, expect, it } from 'vitest'
import { encodeSyncRead } from '#core/bus/feetech-packet.ts'
import type { FeetechRequest } from '#core/bus/feetech-exchange.ts'
import type { ExchangeOutcome } from '#host/rig/bus/feetech-bus.ts'
import type { Result } from '#core/result.ts'
import { delay, flipBit, lose, type Mischief } from '#test/fakes/fake-byte-channel.ts'
import { createBench, ids, type Bench } from './bench.ts'

const request = (asked: readonly number[]): FeetechRequest => ({
  bytes: encodeSyncRead(asked, 56, 15),
  ids: asked,
  answerLength: 15,
})
const repeat = (asked: readonly number[]): Uint8Array => request(asked).bytes
const pass = (bench: Bench): Promise<Result<ExchangeOutcome>> =>
  bench.clock.run(
    bench.bus.exchange(request(ids), bench.clock.nowUs() + 12_000, { repeat, isFullRead: true }),
  )
const answered = (result: Result<ExchangeOutcome>): readonly number[] =>
  result.ok ? [...result.value.answers.keys()].sort((a, b) => a - b) : []
const stats = ({ bus, clock }: Bench) => bus.stats(ids, clock.nowUs())

/** A bench whose line is known: answers come within 1.4 ms. */
async function known(): Promise<Bench> {
  const bench = createBench()
  for (let passes = 0; passes < 3; passes += 1) await pass(bench)
  bench.channel.written.length = 0
  return bench
}

/** Loses the next `count` requests, answers and all. */
function loseRequests({ channel }: Bench, count: number): void {
  const { respond } = channel
  let left = count
  channel.respond = (bytes) => (left-- > 0 ? [] : respond(bytes))
}

describe('a read whose request is lost', () => {
  it('is asked again when the line was silent for longer than usual, and is whole before its deadline', async () => {
    const bench = await known()
    loseRequests(bench, 1)
    const startUs = bench.clock.nowUs()
    expect(answered(await pass(bench))).toEqual(ids)
    expect(bench.clock.nowUs() - startUs).toBeLessThan(5000)
    expect(bench.channel.written).toHaveLength(2)
  })

  it('counts as lost once, for each servo, although the answers are there', async () => {
    const bench = await known()
    loseRequests(bench, 1)
    await pass(bench)
    await pass(bench)
    expect(stats(bench)).toMatchObject({ timeouts: 1, requests: 6 })
    for (const fraction of stats(bench).lostFraction) expect(fraction).toBeCloseTo(1 / 6, 9)
  })

  it('is asked as often as an answer could still come in time', async () => {
    const bench = await known()
    loseRequests(bench, 3)
    expect(answered(await pass(bench))).toEqual(ids)
    expect(bench.channel.written).toHaveLength(4)
    loseRequests(bench, 9)
    const startUs = bench.clock.nowUs()
    expect(answered(await pass(bench))).toEqual([])
    expect(bench.clock.nowUs() - startUs).toBeGreaterThanOrEqual(12_000)
    expect(bench.clock.nowUs() - startUs).toBeLessThan(12_100)
    expect(bench.channel.written.length).toBeLessThanOrEqual(8)
  })

  it('is not asked again on a line of which nothing is known, nor when the request may not be repeated', async () => {
    const fresh = createBench()
    loseRequests(fresh, 1)
    expect(answered(await pass(fresh))).toEqual([])
    expect(fresh.channel.written).toHaveLength(1)
    const bench = await known()
    loseRequests(bench, 1)
    const once = bench.bus.exchange(request(ids), bench.clock.nowUs() + 12_000)
    expect(answered(await bench.clock.run(once))).toEqual([])
    expect(bench.channel.written).toHaveLength(1)
  })
})

describe('an answer that is lost or damaged', () => {
  it.each<[string, Mischief]>([
    ['lost', lose],
    ['damaged', flipBit(60)],
  ])('%s: only its servo is asked again', async (_, mischief) => {
    const bench = await known()
    let left = 1
    bench.channel.mischief = (answer, index) =>
      answer[2] === 4 && left-- > 0 ? mischief(answer, index) : [{ bytes: answer }]
    expect(answered(await pass(bench))).toEqual(ids)
    expect(bench.channel.written.map(({ bytes }) => bytes)).toEqual([repeat(ids), repeat([4])])
    await pass(bench)
    expect(stats(bench).lostFraction.map((fraction) => fraction > 0)).toEqual(ids.map((id) => id === 4))
  })
})

describe('answers that are only late', () => {
  it('are not counted as lost, do not reach the next read, and teach the bus to wait', async () => {
    const bench = await known()
    bench.channel.mischief = delay(4000)
    for (let passes = 0; passes < 4; passes += 1) expect(answered(await pass(bench))).toEqual(ids)
    expect(stats(bench).lostFraction).toEqual(ids.map(() => 0))
    const sent = bench.channel.written.length
    await pass(bench)
    expect(bench.channel.written).toHaveLength(sent + 1)
  })
})
