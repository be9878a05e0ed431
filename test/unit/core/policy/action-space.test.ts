import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anchorRows,
  checkRows,
  normaliseGuide,
  normaliseState,
  unnormaliseRows,
  type ActionSpace,
} from '#core/policy/action-space.ts'

const space: ActionSpace = {
  rule: 'mean_std',
  state: { mean: [10, 0], std: [2, 1], min: [4, -3], max: [16, 3] },
  action: { mean: [1, 0.5], std: [4, 0.25], min: [-9, 0], max: [11, 1] },
  isRelative: [true, false],
  stateWidth: 4,
  actionWidth: 4,
  chunkLength: 3,
}
const state = [12, 0.5]
const names = ['a.pos', 'gripper.pos']

const guideOf = (leftOver: readonly number[], rows: number, delayRows: number, horizonRows: number) => ({
  leftOver: Float32Array.from(leftOver),
  rows,
  delayRows,
  horizonRows,
  schedule: 'linear' as const,
})

describe('an action space', () => {
  it('normalises a state and fills up with zeros', () => {
    const [first, second, ...rest] = normaliseState(space, state)
    expect(first).toBeCloseTo(1, 5)
    expect(second).toBeCloseTo(0.5, 5)
    expect(rest).toEqual([0, 0])
  })

  it('drops padding, undoes the scaling, and anchors what is relative at one state for all rows', () => {
    const rows = unnormaliseRows(space, Float32Array.of(1, 2, 9, 9, 0, 0, 9, 9, -1, 0, 9, 9))
    expect([...rows].map((value) => Math.round(value * 1000) / 1000)).toEqual([5, 1, 1, 0.5, -3, 0.5])
    const anchored = anchorRows(rows, state, space.isRelative)
    expect([...anchored].map((value) => Math.round(value * 1000) / 1000)).toEqual([17, 1, 13, 0.5, 9, 0.5])
  })

  it('gives back a left-over exactly when the network answers with the target', () => {
    const number = fc.double({ min: -50, max: 50, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 6, maxLength: 6 }),
        fc.tuple(number, number),
        (values, now) => {
          const guide = guideOf(values, 3, 1, 3)
          const { target } = normaliseGuide(space, guide, now)
          const back = anchorRows(unnormaliseRows(space, target), now, space.isRelative)
          back.forEach((value, index) => expect(value).toBeCloseTo(values[index] ?? Number.NaN, 3))
        },
      ),
    )
  })

  it('weighs nothing without a guide, and never rows that are not left over', () => {
    expect(normaliseGuide(space, null, state)).toEqual({
      target: new Float32Array(12),
      weight: new Float32Array(3),
    })
    const { weight } = normaliseGuide(space, guideOf([1, 1, 2, 1], 2, 1, 9), state)
    expect(weight[0]).toBe(1)
    expect(weight[1]).toBeGreaterThan(0)
    expect(weight[2]).toBe(0)
  })
})

describe('the last look at a chunk', () => {
  it('lets pass what training had and somewhat more', () => {
    expect(checkRows(Float32Array.of(-9, 0, 11, 1, 20, 1.4), space, names)).toMatchObject({ ok: true })
  })

  it('names the step and channel that is not finite or far outside', () => {
    expect(checkRows(Float32Array.of(0, 0, 0, Number.NaN, 0, 0), space, names)).toMatchObject({
      ok: false,
      error: { code: 'policy/not-finite', data: { step: 1, channel: 'gripper.pos' } },
    })
    expect(checkRows(Float32Array.of(0, 0, 0, 0, 99, 0), space, names)).toMatchObject({
      ok: false,
      error: { code: 'policy/out-of-range', data: { step: 2, channel: 'a.pos', value: 99 } },
    })
  })

  it('does not trip over rounding in a dimension that never moved', () => {
    const still = { mean: [50], std: [0], min: [50], max: [50] }
    expect(checkRows(Float32Array.of(50.000004), { action: still }, ['g'])).toMatchObject({ ok: true })
  })
})
