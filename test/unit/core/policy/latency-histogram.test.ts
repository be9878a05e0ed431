import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketFromMs, histogramOf, histogramText } from '#core/policy/latency-histogram.ts'

const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 })

describe('a histogram of latencies', () => {
  it('counts every time once, and begins and ends with a bucket that holds something', () => {
    fc.assert(
      fc.property(times, (ms) => {
        const { counts } = histogramOf(ms)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ms.length)
        expect(counts[0]).toBeGreaterThan(0)
        expect(counts.at(-1)).toBeGreaterThan(0)
      }),
    )
  })

  it('puts a time into the bucket whose edges hold it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), (ms) => {
        const { first } = histogramOf([ms])
        expect(bucketFromMs(first)).toBeLessThanOrEqual(ms * (1 + 1e-9))
        expect(bucketFromMs(first + 1)).toBeGreaterThan(ms * (1 - 1e-9))
      }),
    )
  })

  it('has four buckets to a doubling, and shows two modes as two', () => {
    const { first, counts } = histogramOf([10, 10, 10, 20, 20])
    expect(counts).toEqual([3, 0, 0, 0, 2])
    expect(bucketFromMs(first + 4) / bucketFromMs(first)).toBeCloseTo(2, 9)
    expect(histogramText({ first, counts })).toBe('█   ▆')
  })

  it('is empty for nothing, and keeps what is shorter than its first edge', () => {
    expect(histogramOf([])).toEqual({ first: 0, counts: [] })
    expect(histogramText(histogramOf([]))).toBe('')
    expect(histogramOf([0, 0.05])).toEqual({ first: 0, counts: [2] })
  })
})
