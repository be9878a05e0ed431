import { describe, expect, it } from 'vitest'
import { BusMeter } from '#host/rig/bus/bus-meter.ts'

const secondUs = 1_000_000
const startUs = 10 * secondUs
const both = new Set([1, 2])

describe('the bus meter', () => {
  it('reports the share of the wire in use: 40 bytes every 5 ms at 1 Mbaud are 8 %', () => {
    const meter = new BusMeter(startUs)
    let nowUs = startUs
    for (; nowUs < startUs + 2 * secondUs; nowUs += 5000) meter.countBytes(40, nowUs)
    expect(meter.stats([1], 1_000_000, nowUs).utilisation).toBeCloseTo(0.08, 2)
  })

  it('reports the right share also in the first moments of a bus', () => {
    const meter = new BusMeter(startUs)
    meter.countBytes(500, startUs + 5000)
    expect(meter.stats([1], 1_000_000, startUs + 10_000).utilisation).toBeCloseTo(0.5, 6)
    expect(new BusMeter(startUs).stats([1], 1_000_000, startUs).utilisation).toBe(0)
  })

  it('counts lost answers per servo and forgets them after a second', () => {
    const meter = new BusMeter(startUs)
    for (let i = 0; i < 10; i += 1)
      meter.countOutcome([1, 2], i % 5 === 0 ? new Set([1]) : both, 0, startUs + i * 1000)
    expect(meter.stats([2, 1, 9], 1e6, startUs + 10_000)).toMatchObject({
      lostFraction: [0.2, 0, 0],
      timeouts: 2,
    })
    meter.countOutcome([1, 2], both, 0, startUs + 1.5 * secondUs)
    expect(meter.stats([2, 1], 1e6, startUs + 1.5 * secondUs)).toMatchObject({
      lostFraction: [0, 0],
      timeouts: 2,
    })
  })

  it('measures how long each servo has been silent, from the opening for one never heard', () => {
    const meter = new BusMeter(startUs)
    meter.countOutcome([1, 2], new Set([1]), 0, startUs + 40_000)
    expect(meter.stats([1, 2], 1e6, startUs + 100_000).silentUs).toEqual([60_000, 100_000])
  })

  it('adds up damaged packets and requests', () => {
    const meter = new BusMeter(startUs)
    meter.countRequest()
    meter.countRequest()
    meter.countOutcome([1], new Set([1]), 3, startUs)
    expect(meter.stats([1], 1e6, startUs)).toMatchObject({ requests: 2, corrupt: 3, timeouts: 0 })
  })

  it('gives the 99th percentile of round trips of the last second only', () => {
    const meter = new BusMeter(startUs)
    expect(meter.stats([1], 1e6, startUs).roundTripP99Us).toBe(0)
    meter.countRoundTrip(90_000, startUs)
    for (let i = 1; i <= 200; i += 1) meter.countRoundTrip(i, startUs + secondUs + i * 100)
    expect(meter.stats([1], 1e6, startUs + secondUs + 20_100).roundTripP99Us).toBe(198)
  })
})
