import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jointCalibration } from '#core/arm/calibration.ts'
import { unitOfTick } from '#core/arm/joint-ticks.ts'
import {
  delay,
  duplicate,
  flipBit,
  fragment,
  lose,
  precede,
  truncate,
  type Mischief,
} from '#test/fakes/fake-byte-channel.ts'
import { calibration, ids, readyArm } from './bench.ts'

const none: Mischief = (answer) => [{ bytes: answer }]
const anyMischief: fc.Arbitrary<Mischief> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(none) },
  { weight: 1, arbitrary: fc.constant(lose) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 21 * 8 - 1 }).map(flipBit) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 }).map(truncate) },
  { weight: 1, arbitrary: fc.constant(duplicate) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5000 }).map(delay) },
  { weight: 1, arbitrary: fc.constant(fragment(10)) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 12 }).map(precede) },
)

describe('a line on which anything may happen to an answer', () => {
  it('never makes a joint read a position it did not have in that pass, and recovers as soon as it is quiet', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMischief, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        async (script, hasEcho) => {
          const { clock, arm, servos, channel } = await readyArm()
          let count = 0
          channel.hasEcho = hasEcho
          channel.mischief = (answer, index) => (script[(count += 1) % script.length] ?? none)(answer, index)
          for (let pass = 0; pass < 4; pass += 1) {
            for (const id of ids) servos.set(id, 'Present_Position', 1500 + pass * 100 + id)
            const reading = await clock.run(arm.read(clock.nowUs() + 4000))
            if (!reading.ok) throw new Error(reading.error.message)
            for (const [j, joint] of reading.value.joints.entries()) {
              if (joint.isStale) continue
              const spec = arm.profile.joints[j]
              if (spec === undefined) throw new Error('no joint')
              const tick = 1500 + pass * 100 + spec.servoId
              expect(joint.position).toBe(unitOfTick(spec, jointCalibration(calibration, spec.name), tick))
            }
            // Longer than any delay: what comes later than a pass is told from the next one's answers by nothing.
            await clock.pass(6000)
          }
          channel.mischief = none
          const last = await clock.run(arm.read(clock.nowUs() + 4000))
          expect(last.ok && last.value.joints.every((joint) => !joint.isStale)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})
