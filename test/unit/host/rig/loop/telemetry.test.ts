import { describe, expect, it } from 'vitest'
import type { TickRecord } from '#core/control/tick-record.ts'
import { telemetryBatch, type TelemetryBatch } from '#contract/services/drive.ts'
import { Telemetry } from '#host/rig/loop/telemetry.ts'
import { readingOf } from '../../../core/control/core-rig.ts'

const record = (tick: number): TickRecord => ({
  tick,
  timeUs: tick * 5000,
  latenessUs: 0,
  mode: 'teleop',
  source: 'human',
  follower: readingOf([tick, 2], tick * 5000),
  leader: null,
  requested: [tick + 0.5, 0],
  sent: [tick + 0.25, 0],
  isIntervention: false,
})

describe('telemetry', () => {
  it('batches all ticks since the last batch, NaN where there was nothing', () => {
    const telemetry = new Telemetry(2)
    const batches: TelemetryBatch[] = []
    telemetry.subscribe(50, (batch) => batches.push(telemetryBatch.parse(batch)))
    for (let tick = 1; tick <= 9; tick++) telemetry.put(record(tick))
    expect(batches.map((batch) => [...batch.timeUs])).toEqual([
      [5000],
      [10_000, 15_000, 20_000, 25_000],
      [30_000, 35_000, 40_000, 45_000],
    ])
    const last = batches[2]
    expect([...(last?.follower ?? [])]).toEqual([6, 2, 7, 2, 8, 2, 9, 2])
    expect(last?.requested[0]).toBe(6.5)
    expect(last?.sent[2]).toBe(7.25)
    expect(last?.leader[0]).toBeNaN()
    expect(last?.source[0]).toBe(1)
    expect(last?.mode).toEqual(['teleop', 'teleop', 'teleop', 'teleop'])
  })

  it('a subscriber that asks for less than there is gets what the ring still holds', () => {
    const telemetry = new Telemetry(2)
    const lengths: number[] = []
    telemetry.subscribe(1 / 5, (batch) => lengths.push(batch.timeUs.length))
    for (let tick = 1; tick <= 1002; tick++) telemetry.put(record(tick))
    expect(lengths).toEqual([1, 512])
  })

  it('is silent after the subscription ends', () => {
    const telemetry = new Telemetry(2)
    let count = 0
    telemetry.subscribe(60, () => (count += 1))[Symbol.dispose]()
    telemetry.put(record(1))
    expect(count).toBe(0)
  })
})
