import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { started, stepUs, tickUs } from './chunk-script.ts'

/** A policy that wanders: every chunk starts up to `jump` beside the commanded pose and moves up to `rate` a step. */
const wander = fc.record({
  jumps: fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 4, maxLength: 8 }),
  rates: fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 4, maxLength: 8 }),
  delaysMs: fc.array(fc.integer({ min: 5, max: 600 }), { minLength: 4, maxLength: 8 }),
})

describe('the pose given tick by tick', () => {
  it('never jumps: velocity is bounded by chunk and join, and acceleration by the join’s window', () => {
    fc.assert(
      fc.property(wander, ({ jumps, rates, delaysMs }) => {
        const joinUs = 200_000
        const chunkFrom = (pose: JointVector, round: number): JointVector[] => {
          const rate = rates[round % rates.length] ?? 0
          const jump = jumps[round % jumps.length] ?? 0
          return Array.from({ length: 50 }, (_, step) =>
            pose.map((value) => value * 0.9 + jump + rate * step),
          )
        }
        const b = started(chunkFrom([0, 0], 0), { joinUs })
        const track: number[] = []
        let answered = b.requester.requests.length
        let dueUs = Number.POSITIVE_INFINITY
        for (let round = 1; round < 400; round++) {
          const result = b.tick()
          if (!result.ok) break
          track.push(result.value[0] ?? Number.NaN)
          if (b.requester.requests.length > answered) {
            answered = b.requester.requests.length
            dueUs = b.nowUs + (delaysMs[answered % delaysMs.length] ?? 5) * 1000
          }
          if (b.nowUs < dueUs) continue
          dueUs = Number.POSITIVE_INFINITY
          b.requester.answer(chunkFrom(b.requester.last.position, answered))
        }
        expect(track.length).toBeGreaterThan(100)
        const joinS = joinUs / 1e6
        const dtS = tickUs / 1e6
        const fastest = 0.01 / (stepUs / 1e6)
        // Gap at a join: the chunk's own offset and what both moved since its observation.
        const gap = 0.45 + 1.3 * fastest
        const velocity = fastest + (1.5 * gap) / joinS + 4 * fastest
        for (let index = 1; index < track.length; index++) {
          const speed = Math.abs((track[index] ?? 0) - (track[index - 1] ?? 0)) / dtS
          expect(speed).toBeLessThanOrEqual(velocity)
        }
        const acceleration = (6 * gap) / joinS ** 2 + (4 * 5 * fastest + 9 * gap) / joinS
        for (let index = 2; index < track.length; index++) {
          const [a, b2, c] = [track[index - 2] ?? 0, track[index - 1] ?? 0, track[index] ?? 0]
          expect(Math.abs(c - 2 * b2 + a) / dtS ** 2).toBeLessThanOrEqual(acceleration)
        }
      }),
      { numRuns: 60 },
    )
  })
})
