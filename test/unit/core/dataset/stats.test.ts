import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aggregateFeature, aggregateStats } from '#core/dataset/aggregate-stats.ts'
import { numericStats, pictureStats, quantileLevels, quantileNames } from '#core/dataset/stats.ts'
import { parseStats, serialiseStats } from '#core/dataset/stats-json.ts'
import { unwrap } from '#core/result.ts'

const sample = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 })

describe('statistics of an episode', () => {
  it('are those of the definition, per dimension', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const stats = numericStats(
          values.flatMap((v) => [v, -2 * v]),
          2,
        )
        const sorted = [...values].sort((a, b) => a - b)
        const mean = values.reduce((a, b) => a + b, 0) / values.length
        const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length
        expect(stats.count).toBe(values.length)
        expect(stats.min[0]).toBe(sorted[0])
        expect(stats.max[1]).toBeCloseTo(-2 * (sorted[0] ?? 0), 9)
        expect(stats.mean[0]).toBeCloseTo(mean, 6)
        expect(stats.std[1]).toBeCloseTo(2 * Math.sqrt(variance), 6)
      }),
    )
  })

  it('have exact quantiles: at least the share p of all values is not above, and no smaller value has that', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const stats = numericStats(values, 1)
        for (const [i, p] of quantileLevels.entries()) {
          const q = stats[quantileNames[i] ?? 'q50'][0] ?? Number.NaN
          expect(values).toContain(q)
          expect(values.filter((v) => v <= q).length).toBeGreaterThanOrEqual(p * values.length - 1e-6)
          expect(values.filter((v) => v < q).length).toBeLessThan(p * values.length)
        }
      }),
    )
  })

  it('refuse rows that are not whole', () => {
    expect(() => numericStats([1, 2, 3], 2)).toThrow(RangeError)
    expect(() => numericStats([], 1)).toThrow(RangeError)
  })
})

describe('statistics of pictures', () => {
  it('are those of the pixels, from their histogram', () => {
    const pixel = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(pixel, (values) => {
        const histogram = new Uint32Array(768)
        for (const v of values)
          for (const channel of [0, 1, 2]) histogram[channel * 256 + (channel === 2 ? 255 - v : v)]! += 1
        const stats = pictureStats(histogram, 7)
        const red = numericStats(
          values.map((v) => v / 255),
          1,
        )
        const blue = numericStats(
          values.map((v) => (255 - v) / 255),
          1,
        )
        expect(stats?.count).toBe(7)
        for (const name of ['min', 'max', 'mean', 'std', ...quantileNames] as const) {
          expect(stats?.[name][0]).toBeCloseTo(red[name][0] ?? 0, 9)
          expect(stats?.[name][2]).toBeCloseTo(blue[name][0] ?? 0, 9)
        }
      }),
    )
  })

  it('do not exist when nothing was sampled', () => {
    expect(pictureStats(new Uint32Array(768), 0)).toBeNull()
    expect(() => pictureStats(new Uint32Array(256), 1)).toThrow(RangeError)
  })
})

describe('statistics of a dataset', () => {
  it('have the count, extremes, mean and spread of all rows together', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 8 }), (episodes) => {
        const all = numericStats(episodes.flat(), 1)
        const together = aggregateFeature(episodes.map((values) => numericStats(values, 1)))
        expect(together.count).toBe(all.count)
        expect(together.min).toEqual(all.min)
        expect(together.max).toEqual(all.max)
        expect(together.mean[0]).toBeCloseTo(all.mean[0] ?? 0, 6)
        expect(together.std[0]).toBeCloseTo(all.std[0] ?? 0, 6)
      }),
    )
  })

  it('have quantiles in order and between the extremes', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 2, maxLength: 8 }), (episodes) => {
        const { min, max, q01, q10, q50, q90, q99 } = aggregateFeature(
          episodes.map((values) => numericStats(values, 1)),
        )
        const line = [min, q01, q10, q50, q90, q99, max].map((list) => list[0] ?? Number.NaN)
        for (const [i, value] of line.entries())
          if (i > 0) expect(value).toBeGreaterThanOrEqual((line[i - 1] ?? 0) - 1e-9)
      }),
    )
  })

  it('have exact quantiles when every episode is one constant', () => {
    const together = aggregateFeature([
      numericStats(Array(60).fill(1), 1),
      numericStats(Array(40).fill(2), 1),
    ])
    expect([together.q01, together.q10, together.q50, together.q90, together.q99].flat()).toEqual([
      1, 1, 1, 2, 2,
    ])
  })

  it('come closer to the truth than the weighted mean of quantiles, where episodes differ', () => {
    const around = (centre: number): number[] => Array.from({ length: 100 }, (_, i) => centre + i / 1000)
    const episodes = [around(0), around(10), around(20)].map((values) => numericStats(values, 1))
    const truth = numericStats([around(0), around(10), around(20)].flat(), 1)
    const together = aggregateFeature(episodes)
    expect(Math.abs((together.q01[0] ?? 0) - (truth.q01[0] ?? 0))).toBeLessThan(0.01)
    expect(Math.abs((together.q99[0] ?? 0) - (truth.q99[0] ?? 0))).toBeLessThan(0.01)
  })

  it('are computed from those episodes that have the feature', () => {
    const stats = numericStats([1, 2, 3], 1)
    expect(aggregateStats([{ a: stats }, { a: stats, b: stats }])['b']).toEqual(stats)
  })
})

describe('stats.json', () => {
  const features = {
    action: { dtype: 'float32', shape: [2], names: ['a', 'b'] },
    flag: { dtype: 'bool', shape: [1], names: null },
    'observation.images.front': { dtype: 'video', shape: [4, 4, 3], names: null },
  }
  const stats = {
    action: numericStats([1, 2, 3, 4.5], 2),
    flag: numericStats([0, 1, 1], 1),
    'observation.images.front':
      pictureStats(
        Uint32Array.from({ length: 768 }, (_, i) => i),
        3,
      ) ?? numericStats([0], 1),
  }

  it('reads back what it wrote', () => {
    expect(unwrap(parseStats(serialiseStats(stats, features)))).toEqual(stats)
  })

  it('writes reals with a point, counts without, and pictures nested per channel', () => {
    const text = serialiseStats(stats, features)
    expect(text).toContain('"min": [1.0, 2.0]')
    expect(text).toContain('"count": [2]')
    expect(text).toContain('"max": [1.0]')
    expect(text).toMatch(/"mean": \[\[\[0\.\d+\]\], \[\[0\.\d+\]\], \[\[0\.\d+\]\]\]/)
  })

  it('leaves out what lacks quantiles, as sets converted from v2.1 do', () => {
    expect(
      unwrap(parseStats('{"a": {"min": [0], "max": [1], "mean": [0], "std": [1], "count": [3]}}')),
    ).toEqual({})
    expect(parseStats('[')).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
  })
})
