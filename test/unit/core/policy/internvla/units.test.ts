import { describe, expect, it } from 'vitest'
import { eulerTimes, timeEmbedding } from '#core/policy/internvla/flow-time.ts'
import { haarKernel, inverseHaarKernel } from '#core/policy/internvla/haar.ts'
import { anchorDelta, normalise, unnormalise, type Statistics } from '#core/policy/internvla/normalisation.ts'
import { mropeAxes, mropeTable, ropeFrequencies } from '#core/policy/internvla/rope.ts'
import { guidanceStrength, rowWeights } from '#core/policy/internvla/rtc.ts'
import { prefixLength, sequencePositions, viewTokens } from '#core/policy/internvla/token-layout.ts'
import { largestDifference, loadGolden } from './golden.ts'

const units = loadGolden('units/expected.safetensors')
const robots: Record<string, { delta_mask: boolean[] | null }> = JSON.parse(
  await import('node:fs').then(({ readFileSync }) =>
    readFileSync(new URL('../../../../fixtures/internvla-a1/units/robots.json', import.meta.url), 'utf8'),
  ),
)

describe('positions', () => {
  it.each(['111', '110', '101', '100'].flatMap((views) => [1, 9, 48].map((text) => [views, text] as const)))(
    'of views %s with %i text tokens are the official ones',
    (views, text) => {
      const mask = Array.from(views, (view) => view === '1')
      const expected = units.get(`positions.views${views}.text${text}`)
      expect(Array.from(sequencePositions(mask, text, 51).prefix)).toEqual(Array.from(expected.data))
    },
  )

  it('are those of the specification’s appendix', () => {
    const { prefix, middle, suffix } = sequencePositions([true, true, true], 9, 51)
    const at = (token: number): number[] => [0, 1, 2].map((axis) => prefix[axis * prefixLength + token] ?? -1)
    expect(prefixLength).toBe(246)
    expect([
      at(2 * viewTokens),
      at(2 * viewTokens + 1),
      at(3 * viewTokens - 2),
      at(3 * viewTokens - 1),
    ]).toEqual([
      [20, 20, 20],
      [21, 21, 21],
      [21, 28, 28],
      [29, 29, 29],
    ])
    expect([middle[0], middle[95], suffix[0], suffix[1], suffix[50]]).toEqual([39, 134, 135, 136, 185])
    expect(sequencePositions([true, true, false], 9, 1).middle[0]).toBe(29)
    expect(sequencePositions([true, false, false], 9, 1).middle[0]).toBe(19)
  })
})

describe('rotary tables', () => {
  const axes = mropeAxes([24, 20, 20], 64)

  it('give 24, 20 and 20 frequencies to time, height and width, the last four to time', () => {
    expect([0, 1, 2].map((axis) => axes.filter((other) => other === axis).length)).toEqual([24, 20, 20])
    expect(axes.slice(60)).toEqual([0, 0, 0, 0])
  })

  it.each([
    ['mrope', false],
    ['mrope_bf16', true],
  ] as const)('agree with the official %s', (name, isRounded) => {
    const frequencies = ropeFrequencies(5e6, 128, isRounded)
    expect(largestDifference(frequencies, units.get(`${name}.inv_freq`).data)).toBeLessThan(1e-7)
    const positions = Int32Array.from(units.get('mrope.positions').data)
    const table = mropeTable(positions, axes, frequencies)
    for (const [values, which] of [
      [table.cos, 'cos'],
      [table.sin, 'sin'],
    ] as const) {
      const twice = Array.from({ length: table.tokens }, (_, token) => {
        const row = Array.from(values.subarray(token * 64, token * 64 + 64))
        return [...row, ...row]
      }).flat()
      expect(largestDifference(twice, units.get(`${name}.${which}`).data)).toBeLessThan(2e-5)
    }
  })

  it.each([
    ['qwen2', false],
    ['qwen2_bf16', true],
  ] as const)('have the frequencies of %s', (name, isRounded) => {
    expect(
      largestDifference(ropeFrequencies(1e4, 64, isRounded), units.get(`${name}.inv_freq`).data),
    ).toBeLessThan(1e-7)
  })
})

describe('flow time', () => {
  it.each([1, 4, 5, 10, 20])('is evaluated exactly %i times, at the official times', (steps) => {
    const times = eulerTimes(steps)
    expect(times).toHaveLength(steps)
    if (units.has(`euler.times.${steps}`))
      expect(times).toEqual(Array.from(units.get(`euler.times.${steps}`).data))
  })

  it('is embedded as the official code embeds it', () => {
    const rows = eulerTimes(10).flatMap((t) => Array.from(timeEmbedding(t, 1024, 0.004, 4)))
    expect(largestDifference(rows, units.get('euler.time_embedding_1024').data)).toBeLessThan(1e-6)
  })
})

describe('the Haar transform', () => {
  /** Applies [48, 3, 4, 4] with stride 4. */
  const convolve = (kernel: Float32Array, picture: ArrayLike<number>, side: number): number[] => {
    const blocks = side / 4
    const out: number[] = []
    for (let channel = 0; channel < 48; channel++) {
      for (let block = 0; block < blocks * blocks; block++) {
        let sum = 0
        for (let entry = 0; entry < 48; entry++) {
          const [colour, row, column] = [entry >> 4, (entry >> 2) & 3, entry & 3]
          const y = Math.floor(block / blocks) * 4 + row
          const x = (block % blocks) * 4 + column
          sum += (kernel[channel * 48 + entry] ?? 0) * (picture[(colour * side + y) * side + x] ?? 0)
        }
        out.push(sum)
      }
    }
    return out
  }

  it('agrees with the official one, the step from 0…1 to −1…1 included', () => {
    const { weight, bias } = haarKernel()
    const input = units.get('haar.in').data
    const unit = Array.from(input, (value) => (value + 1) / 2)
    const out = convolve(weight, unit, 16).map((value, index) => value + (bias[index >> 4] ?? 0))
    expect(largestDifference(out, units.get('haar.out').data)).toBeLessThan(1e-6)
  })

  it('is undone by its inverse', () => {
    const kernel = inverseHaarKernel()
    const input = units.get('haar.inverse_in').data
    const expected = units.get('haar.inverse_out').data
    const out = new Float32Array(expected.length)
    for (let channel = 0; channel < 48; channel++) {
      for (let block = 0; block < 16; block++) {
        let sum = 0
        for (let from = 0; from < 48; from++)
          sum += (kernel[channel * 48 + from] ?? 0) * (input[from * 16 + block] ?? 0)
        const [colour, row, column] = [channel >> 4, (channel >> 2) & 3, channel & 3]
        out[(colour * 16 + (block >> 2) * 4 + row) * 16 + (block & 3) * 4 + column] = sum
      }
    }
    expect(largestDifference(out, expected)).toBeLessThan(5e-6)
  })
})

describe('normalisation', () => {
  const list = (name: string): number[] => Array.from(units.get(name).data)
  const statistics: Statistics = {
    mean: list('normalize.mean'),
    std: list('normalize.std'),
    min: list('normalize.min'),
    max: list('normalize.max'),
  }

  it.each(['mean_std', 'min_max'] as const)(
    'by %s agrees to the last bit in both directions, zero and tiny ranges included',
    (rule) => {
      const rows = (name: string): number[][] => {
        const values = list(name)
        return [0, 1, 2].map((row) => values.slice(row * 4, row * 4 + 4))
      }
      const x = rows('normalize.x')
      rows(`normalize.${rule}.forward`).forEach((expected, row) =>
        expect(normalise(x[row] ?? [], statistics, rule)).toEqual(expected),
      )
      rows(`normalize.${rule}.inverse`).forEach((expected, row) =>
        expect(unnormalise(x[row] ?? [], statistics, rule)).toEqual(expected),
      )
    },
  )

  it.each(['mean_std', 'min_max'] as const)(
    'by %s leaves nothing of a number that never moved, although no float32 holds its statistics',
    (rule) => {
      const still: Statistics = { mean: [100.3], std: [0], min: [100.3], max: [100.3] }
      expect(normalise([Math.fround(100.3)], still, rule)).toEqual([0])
    },
  )

  it.each(Object.keys(robots).filter((robot) => units.has(`delta.${robot}.delta`)))(
    'turns the delta actions of %s into absolute ones',
    (robot) => {
      const state = list(`delta.${robot}.state`)
      const relative = robots[robot]?.delta_mask ?? state.map(() => true)
      const delta = list(`delta.${robot}.delta`)
      const width = state.length
      const rows = Array.from({ length: delta.length / width }, (_, row) =>
        anchorDelta(delta.slice(row * width, (row + 1) * width), state, relative),
      )
      expect(largestDifference(rows.flat(), list(`delta.${robot}.absolute`))).toBeLessThan(1e-6)
    },
  )
})

describe('real-time chunking', () => {
  it('guides by the strengths of the specification', () => {
    const strengths = eulerTimes(10).map(guidanceStrength)
    const expected = [10, 9.1111, 4.25, 2.7619, 2.1667, 2, 2.1667, 2.7619, 4.25, 9.1111]
    strengths.forEach((value, step) => expect(value).toBeCloseTo(expected[step] ?? 0, 3))
  })

  it('weighs rows by the schedule', () => {
    const rounded = (schedule: Parameters<typeof rowWeights>[3]) =>
      rowWeights(8, 2, 6, schedule).map((value) => Number(value.toFixed(4)))
    expect(rounded('linear')).toEqual([1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0])
    expect(rounded('ones')).toEqual([1, 1, 1, 1, 1, 1, 0, 0])
    expect(rounded('zeros')).toEqual([1, 1, 0, 0, 0, 0, 0, 0])
    expect(rounded('exp')[2]).toBeCloseTo((0.8 * Math.expm1(0.8)) / (Math.E - 1), 4)
    expect(rowWeights(3, 9, 9, 'linear')).toEqual([1, 1, 1])
  })
})
