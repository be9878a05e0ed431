import { describe, expect, it } from 'vitest'
import { RollingMean, RollingRate } from '#renderer/capture/rolling.ts'

describe('RollingMean', () => {
  it('has no value before the first entry and after all are forgotten', () => {
    const mean = new RollingMean(1000)
    expect(mean.mean).toBeNull()
    mean.add(0, 4)
    mean.add(500, 8)
    expect(mean.mean).toBe(6)
    mean.forget(1200)
    expect(mean.mean).toBe(8)
    mean.forget(5000)
    expect(mean.mean).toBeNull()
  })
})

describe('RollingRate', () => {
  it('counts intervals, not events', () => {
    const rate = new RollingRate(2_000_000)
    for (let i = 0; i < 31; i += 1) rate.add(i * 33_333.33)
    expect(rate.perSecond).toBeCloseTo(30, 3)
  })

  it('says nothing of a single event, or of a camera that stopped', () => {
    const rate = new RollingRate(1000)
    rate.add(0)
    expect(rate.perSecond).toBeNull()
    rate.add(100)
    expect(rate.perSecond).not.toBeNull()
    rate.forget(5000)
    expect(rate.perSecond).toBeNull()
  })
})
