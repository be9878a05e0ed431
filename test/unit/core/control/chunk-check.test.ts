import { describe, expect, it } from 'vitest'
import { checkChunk, firstGap } from '#core/control/chunk-check.ts'
import { joints, stepUs } from './chunk-script.ts'

const check = (steps: number[][], step = stepUs) => {
  const result = checkChunk({ stepUs: step, steps }, joints)
  return result.ok ? 'ok' : result.error
}

describe('a chunk is refused whole', () => {
  it.each([
    [
      'one number is NaN',
      [
        [0, 0],
        [0, Number.NaN],
      ],
      'policy/not-finite',
    ],
    [
      'one number is infinite',
      [
        [0, 0],
        [Number.POSITIVE_INFINITY, 0],
      ],
      'policy/not-finite',
    ],
    ['a step lacks a joint', [[0, 0], [0]], 'policy/wrong-shape'],
    ['there is a single step', [[0, 0]], 'policy/wrong-shape'],
    [
      'a joint is asked beyond its end',
      [
        [0, 0],
        [2.2, 0],
      ],
      'policy/out-of-range',
    ],
    [
      'degrees were taken for radians',
      [
        [0, 0],
        [-57, 0],
      ],
      'policy/out-of-range',
    ],
  ])('when %s', (_, steps, code) => {
    expect(check(steps)).toMatchObject({ code })
  })

  it('when its steps take no time', () => {
    expect(
      check(
        [
          [0, 0],
          [0, 0],
        ],
        0,
      ),
    ).toMatchObject({ code: 'policy/wrong-shape' })
  })

  it('but not for a small overshoot of a joint’s end, which the limiter clamps', () => {
    expect(
      check([
        [0, 0],
        [2.05, -2.05],
      ]),
    ).toBe('ok')
  })

  it('and says which joint at which step', () => {
    expect(
      check([
        [0, 0],
        [0, 0],
        [0, 3],
      ]),
    ).toMatchObject({ data: { step: 2, joint: 'b', value: 3, lower: -2, upper: 2 } })
  })
})

describe('the gap at the first step', () => {
  it('is that of the farthest joint, in radians of servo travel', () => {
    const [a, b] = joints
    if (a === undefined || b === undefined) throw new Error('two joints expected')
    const chunk = { stepUs, steps: [[0.1, 0.2]] }
    expect(firstGap(chunk, [0, 0], [a, { ...b, radPerUnit: 3 }])).toEqual({
      joint: 'b',
      gapRad: expect.closeTo(0.6, 12),
    })
  })

  it('is not small when the pose is unknown', () => {
    expect(firstGap({ stepUs, steps: [[0.1, 0.2]] }, [0, Number.NaN], joints)).toEqual({
      joint: 'b',
      gapRad: Number.NaN,
    })
  })
})
