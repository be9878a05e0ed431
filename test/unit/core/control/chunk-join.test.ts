import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecayingOffset } from '#core/control/chunk-join.ts'
import type { CurvePoint } from '#core/control/chunk-trajectory.ts'

const windowUs = 200_000
const number = fc.double({ min: -2, max: 2, noNaN: true })
const point = fc.record({ position: fc.tuple(number), velocity: fc.tuple(number) })

describe('the join of two curves', () => {
  it('begins exactly where and how fast the old curve was, and ends on the new one', () => {
    fc.assert(
      fc.property(point, point, (present, next) => {
        const join = new DecayingOffset(present, next, windowUs)
        const begin = join.apply(next, 0)
        expect(begin.position[0]).toBeCloseTo(present.position[0], 12)
        expect(begin.velocity[0]).toBeCloseTo(present.velocity[0], 12)
        expect(join.apply(next, windowUs)).toEqual(next)
      }),
    )
  })

  it('decays smoothly: its velocity is the derivative of its position', () => {
    const still: CurvePoint = { position: [0], velocity: [0] }
    fc.assert(
      fc.property(point, fc.double({ min: 1, max: windowUs - 1, noNaN: true }), (present, atUs) => {
        const join = new DecayingOffset(present, still, windowUs)
        const at = (us: number): number => join.apply(still, us).position[0] ?? 0
        expect(join.apply(still, atUs).velocity[0]).toBeCloseTo(
          ((at(atUs + 0.5) - at(atUs - 0.5)) / 1) * 1e6,
          3,
        )
      }),
    )
  })

  it('never leaves the gap by more than the velocity difference explains', () => {
    fc.assert(
      fc.property(point, point, fc.double({ min: 0, max: windowUs, noNaN: true }), (present, next, atUs) => {
        const join = new DecayingOffset(present, next, windowUs)
        const offset = Math.abs((join.apply(next, atUs).position[0] ?? 0) - next.position[0])
        const rate = Math.abs(present.velocity[0] - next.velocity[0])
        expect(offset).toBeLessThanOrEqual(join.jump + (4 / 27) * (windowUs / 1e6) * rate + 1e-12)
      }),
    )
  })
})
