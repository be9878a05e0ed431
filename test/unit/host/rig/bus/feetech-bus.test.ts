import { describe, expect, it } from 'vitest'
import {
  encodePing,
  encodeRead,
  encodeStatus,
  encodeSyncRead,
  encodeSyncWrite,
} from '#core/bus/feetech-packet.ts'
import type { FeetechRequest } from '#core/bus/feetech-exchange.ts'
import type { ExchangeOutcome } from '#host/rig/bus/feetech-bus.ts'
import type { Result } from '#core/result.ts'
import {
  delay,
  duplicate,
  flipBit,
  fragment,
  lose,
  precede,
  truncate,
} from '#test/fakes/fake-byte-channel.ts'
import { createBench, ids, type Bench } from './bench.ts'

const readAll: FeetechRequest = { bytes: encodeSyncRead(ids, 56, 15), ids, answerLength: 15 }
const readOne = (id: number): FeetechRequest => ({ bytes: encodeRead(id, 56, 2), ids: [id], answerLength: 2 })
const pass = (bench: Bench, patienceUs = 4000, request = readAll): Promise<Result<ExchangeOutcome>> =>
  bench.clock.run(bench.bus.exchange(request, bench.clock.nowUs() + patienceUs))
const answered = (result: Result<ExchangeOutcome>): readonly number[] =>
  result.ok ? [...result.value.answers.keys()].sort((a, b) => a - b) : []

describe('the bus owner', () => {
  it('reads six servos in the time the wire takes, 1.4 ms at 1 Mbaud, and says so', async () => {
    const bench = createBench()
    await pass(bench)
    const startUs = bench.clock.nowUs()
    const result = await bench.clock.run(bench.bus.exchange(readAll, startUs + 4000, { isFullRead: true }))
    expect(answered(result)).toEqual(ids)
    expect(bench.clock.nowUs() - startUs).toBe(1400)
    expect(bench.bus.stats(ids, bench.clock.nowUs())).toMatchObject({
      roundTripP99Us: 1400,
      timeouts: 0,
      requests: 2,
    })
    expect(bench.clock.pending).toBe(0)
  })

  it.each([
    ['every answer twice', duplicate],
    ['answers in single bytes', fragment(10)],
    ['noise before each answer', precede(Uint8Array.of(0x00, 0xff, 0xff, 0xff, 0x13))],
    ['answers half a millisecond late', delay(500)],
  ])('survives %s', async (_name, mischief) => {
    const bench = createBench()
    bench.channel.mischief = mischief
    for (let i = 0; i < 5; i += 1) expect(answered(await pass(bench, 6000))).toEqual(ids)
  })

  it('survives an adapter that hears itself', async () => {
    const bench = createBench()
    bench.channel.hasEcho = true
    expect(answered(await pass(bench))).toEqual(ids)
    expect(answered(await pass(bench, 4000, readOne(3)))).toEqual([3])
  })

  it.each([
    ['lost', lose],
    ['hit by noise', flipBit(47)],
    ['cut short', truncate(9)],
  ])('hands over the good answers at the deadline when one is %s', async (_name, mischief) => {
    const bench = createBench()
    bench.channel.mischief = (answer, index) => (index === 2 ? mischief(answer, index) : [{ bytes: answer }])
    const startUs = bench.clock.nowUs()
    expect(answered(await pass(bench))).toEqual([1, 2, 4, 5, 6])
    expect(bench.clock.nowUs() - startUs).toBeGreaterThanOrEqual(4000)
    expect(bench.clock.nowUs() - startUs).toBeLessThan(4100)
    expect(bench.bus.stats(ids, bench.clock.nowUs()).lostFraction).toEqual([0, 0, 1, 0, 0, 0])
    expect(answered(await pass(bench))).toEqual(ids)
  })

  it('counts what arrives damaged', async () => {
    const bench = createBench()
    bench.channel.mischief = flipBit(60)
    await pass(bench)
    expect(bench.bus.stats(ids, bench.clock.nowUs()).corrupt).toBe(6)
  })

  it('never takes the late answer of an earlier request for that of the next one', async () => {
    const bench = createBench()
    bench.servos.set(1, 'Present_Position', 111)
    bench.channel.mischief = delay(2100)
    expect(answered(await pass(bench, 1000, readOne(1)))).toEqual([])
    await bench.clock.pass(1300)
    bench.channel.mischief = (bytes) => [{ bytes }]
    bench.servos.set(1, 'Present_Position', 222)
    const result = await pass(bench, 2000, readOne(1))
    expect(result.ok && result.value.answers.get(1)?.params[0]).toBe(222)
  })

  it('waits for a quiet line after a failure, and throws away what still comes', async () => {
    const bench = createBench()
    bench.channel.mischief = lose
    await pass(bench, 1000, readOne(1))
    bench.channel.mischief = (bytes) => [{ bytes }]
    const stale = encodeStatus(1, 0, [9, 9])
    for (let i = 1; i <= 4; i += 1) bench.channel.deliver(stale, bench.clock.nowUs() + i * 15)
    const result = await pass(bench, 2000, readOne(1))
    expect(result.ok && [...(result.value.answers.get(1)?.params ?? [])]).toEqual([0x00, 0x08])
  })

  it('sends in the end also on a line that is never quiet', async () => {
    const bench = createBench()
    for (let i = 0; i < 400; i += 1) bench.channel.deliver(Uint8Array.of(0x55), bench.clock.nowUs() + i * 10)
    const first = pass(bench, 1000, readOne(1))
    await first
    expect(answered(await pass(bench, 3500, readOne(1)))).toEqual([1])
  })

  it('looks once more at what has arrived before it calls a servo silent, also after a stall', async () => {
    const bench = createBench()
    await pass(bench)
    const result = bench.bus.exchange(readAll, bench.clock.nowUs() + 4000)
    bench.clock.stall(80_000)
    expect(answered(await bench.clock.run(result))).toEqual(ids)
    expect(bench.bus.stats(ids, bench.clock.nowUs()).timeouts).toBe(0)
  })

  it('keeps one request on the wire at a time, in order, urgent ones first', async () => {
    const bench = createBench()
    const deadlineUs = bench.clock.nowUs() + 20_000
    const order: number[] = []
    const ask = async (id: number, isUrgent: boolean): Promise<void> => {
      await bench.bus.exchange({ bytes: encodePing(id), ids: [id], answerLength: 0 }, deadlineUs, {
        isUrgent,
      })
      order.push(id)
    }
    await pass(bench)
    await bench.clock.run(Promise.all([ask(1, false), ask(2, false), ask(3, true), ask(4, true)]))
    expect(order).toEqual([1, 3, 4, 2])
    const times = bench.channel.written.map(({ atUs }) => atUs)
    for (const [i, atUs] of times.entries())
      if (i > 1) expect(atUs - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(120)
  })

  it('answers a request at its deadline even when its turn has not come, and then never sends it', async () => {
    const bench = createBench()
    bench.servos.silent.add(1)
    const slow = bench.bus.exchange(readOne(1), bench.clock.nowUs() + 20_000)
    const startUs = bench.clock.nowUs()
    expect(answered(await pass(bench, 4000, readOne(2)))).toEqual([])
    expect(bench.clock.nowUs() - startUs).toBe(4000)
    await bench.clock.run(slow)
    await bench.clock.pass(10_000)
    expect(bench.channel.written).toHaveLength(1)
    expect(bench.bus.stats([2], bench.clock.nowUs()).lostFraction).toEqual([0])
  })

  it('withdraws a waiting request whose signal aborts', async () => {
    const bench = createBench()
    const controller = new AbortController()
    const first = bench.bus.exchange(readOne(1), bench.clock.nowUs() + 9000)
    const second = bench.bus.exchange(readOne(2), bench.clock.nowUs() + 9000, { signal: controller.signal })
    controller.abort()
    expect(answered(await bench.clock.run(first))).toEqual([1])
    expect(await bench.clock.run(second)).toMatchObject({ error: { code: 'contract/cancelled' } })
    expect(bench.channel.written).toHaveLength(1)
  })
})

describe('posting on a bus', () => {
  const goal = (value: number): Uint8Array => encodeSyncWrite(42, [{ id: 1, data: [value, 0] }])

  it('sends at once on a free line', () => {
    const bench = createBench()
    expect(bench.bus.post(goal(1)).ok).toBe(true)
    expect(bench.servos.writes).toMatchObject([{ id: 1, address: 42 }])
  })

  it('waits for the answers under way, and then sends only the newest', async () => {
    const bench = createBench()
    const read = bench.bus.exchange(readAll, bench.clock.nowUs() + 4000)
    bench.bus.post(goal(1))
    bench.bus.post(goal(2))
    expect(bench.servos.writes).toEqual([])
    await bench.clock.run(read)
    expect(bench.servos.writes.map(({ data }) => data[0])).toEqual([2])
  })

  it('can take back what has not been sent', async () => {
    const bench = createBench()
    const read = bench.bus.exchange(readAll, bench.clock.nowUs() + 4000)
    bench.bus.post(goal(1))
    bench.bus.dropPost()
    await bench.clock.run(read)
    expect(bench.servos.writes).toEqual([])
  })

  it('forgets the goal that is withdrawn, but not what has taken its place since: that may switch torque off', async () => {
    const bench = createBench()
    const read = bench.bus.exchange(readAll, bench.clock.nowUs() + 4000)
    const withdrawn = goal(1)
    bench.bus.post(withdrawn)
    bench.bus.post(goal(2))
    bench.bus.dropPost(withdrawn)
    await bench.clock.run(read)
    expect(bench.servos.writes).toHaveLength(1)
  })

  it('refuses while the port swallows nothing, so that no old goal is played later', () => {
    const bench = createBench()
    bench.channel.pendingBytes = 600
    expect(bench.bus.post(goal(1))).toMatchObject({ error: { code: 'bus/timeout' } })
    expect(bench.channel.written).toEqual([])
  })
})

describe('the end of a bus', () => {
  it('fails everything under way and everything after it, and is told once', async () => {
    const bench = createBench()
    const told: string[] = []
    bench.bus.onClose((fault) => told.push(fault.code))
    const running = bench.bus.exchange(readOne(1), bench.clock.nowUs() + 4000)
    const waiting = bench.bus.exchange(readOne(2), bench.clock.nowUs() + 4000)
    bench.channel.unplug()
    expect(await running).toMatchObject({ error: { code: 'bus/closed' } })
    expect(await waiting).toMatchObject({ error: { code: 'bus/closed' } })
    expect(await bench.bus.exchange(readOne(1), 0)).toMatchObject({ error: { code: 'bus/closed' } })
    expect(bench.bus.post(Uint8Array.of(1))).toMatchObject({ error: { code: 'bus/closed' } })
    expect(told).toEqual(['bus/closed'])
    bench.bus.onClose((fault) => told.push(`late ${fault.code}`))
    expect(told).toEqual(['bus/closed', 'late bus/closed'])
    await bench.clock.pass(50_000)
    expect(bench.clock.pending).toBe(0)
  })

  it('is told to everybody although the first to hear it disposes the bus', async () => {
    const bench = createBench()
    const told: string[] = []
    bench.bus.onClose(() => void bench.bus[Symbol.asyncDispose]())
    bench.bus.onClose((fault) => told.push(fault.code))
    bench.channel.unplug()
    expect(told).toEqual(['bus/closed'])
  })

  it('closes its channel when disposed, fails what waits and tells nobody', async () => {
    const bench = createBench()
    const told: string[] = []
    bench.bus.onClose((fault) => told.push(fault.code))
    const waiting = bench.bus.exchange(readOne(1), bench.clock.nowUs() + 4000)
    await bench.bus[Symbol.asyncDispose]()
    expect(await waiting).toMatchObject({ error: { code: 'bus/closed' } })
    expect(told).toEqual([])
    expect(bench.channel.isDisposed).toBe(true)
    expect(bench.bus.fault?.code).toBe('bus/closed')
  })
})
