import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkTrajectory } from '#core/control/chunk-trajectory.ts'

const stepUs = 100_000
const steps = fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true })), { minLength: 2, maxLength: 12 })

describe('the curve through a chunk', () => {
  it('passes through every step at its time', () => {
    fc.assert(
      fc.property(steps, (chunk) => {
        const curve = new ChunkTrajectory({ stepUs, steps: chunk })
        chunk.forEach(([value], index) => expect(curve.at(index * stepUs).position[0]).toBeCloseTo(value, 9))
      }),
    )
  })

  it('stays between two neighbouring steps', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (chunk, phase) => {
        const curve = new ChunkTrajectory({ stepUs, steps: chunk })
        const at = phase * (chunk.length - 1)
        const index = Math.min(Math.floor(at), chunk.length - 2)
        const [a, b] = [chunk[index]?.[0] ?? 0, chunk[index + 1]?.[0] ?? 0]
        const value = curve.at(at * stepUs).position[0] ?? Number.NaN
        expect(value).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-9)
        expect(value).toBeLessThanOrEqual(Math.max(a, b) + 1e-9)
      }),
    )
  })

  it('has a velocity that is the derivative of its position and does not jump at a step', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (chunk, phase) => {
        const curve = new ChunkTrajectory({ stepUs, steps: chunk })
        const atUs = phase * curve.durationUs
        const near = (us: number): number => curve.at(us).position[0] ?? 0
        const numeric = ((near(atUs + 1) - near(atUs - 1)) / 2) * 1e6
        expect(curve.at(atUs).velocity[0]).toBeCloseTo(numeric, 2)
        for (let index = 1; index < chunk.length - 1; index++) {
          const before = curve.at(index * stepUs - 0.01).velocity[0] ?? 0
          const after = curve.at(index * stepUs + 0.01).velocity[0] ?? 0
          expect(Math.abs(after - before)).toBeLessThan(1e-3)
        }
      }),
    )
  })

  it('stands still at a turning point instead of overshooting it', () => {
    const curve = new ChunkTrajectory({ stepUs, steps: [[0], [1], [0.5]] })
    expect(curve.at(stepUs)).toEqual({ position: [1], velocity: [0] })
  })
})
