/** Random lives of a rig: whatever a person does and whatever breaks, the independent monitor finds nothing. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fail, ok } from '#core/result.ts'
import { commandKinds } from '#core/control/core-view.ts'
import { sourceOf } from '#core/control/mode.ts'
import { CoreRig } from './core-rig.ts'

const jointIndex = fc.integer({ min: 0, max: 5 })
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      command: fc.constantFrom(...commandKinds),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('hand' as const),
      joint: jointIndex,
      speed: fc.double({ min: -6, max: 6, noNaN: true }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('throw' as const),
      joint: jointIndex,
      to: fc.double({ min: -3, max: 3, noNaN: true }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('policy' as const),
      to: fc.double({ min: -2, max: 2, noNaN: true }),
      isGood: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      arm: fc.constantFrom('follower' as const, 'leader' as const),
      is: fc.constantFrom('connected' as const, 'gone' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('silent' as const),
      arm: fc.constantFrom('follower' as const, 'leader' as const),
      joint: jointIndex,
      is: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('stuck' as const), joint: jointIndex, is: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hot' as const),
      joint: jointIndex,
      celsius: fc.constantFrom(30, 56, 66, 69),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('page' as const), silentMs: fc.constantFrom(0, 50, 400) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('stall' as const), ms: fc.integer({ min: 16, max: 900 }) }),
  },
)
const life = fc.array(fc.tuple(act, fc.integer({ min: 1, max: 120 })), { minLength: 5, maxLength: 60 })
const jitter = fc.array(fc.integer({ min: 200, max: 14_900 }), { minLength: 7, maxLength: 7 })

describe('whatever happens', () => {
  it('no goal leaves without torque, every goal obeys the limits, and the source is the mode’s', () => {
    let driven = 0
    fc.assert(
      fc.property(life, jitter, (acts, ticks) => {
        const rig = new CoreRig()
        rig.policyPose = () => ok([0, 0, 0, 0, 0, 0.5])
        rig.tick(['engage'])
        rig.run(0.1)
        let hand = { joint: 0, speed: 0 }
        let count = 0
        for (const [step, length] of acts) {
          let stallUs = 0
          let command: (typeof commandKinds)[number] | null = null
          if (step.kind === 'command') command = step.command
          if (step.kind === 'hand') hand = step
          if (step.kind === 'throw') rig.leader.pose[step.joint] = step.to
          if (step.kind === 'policy')
            rig.policyPose = () =>
              step.isGood ? ok([step.to, 0, step.to / 2, 0, 0, 0.2]) : fail('policy/timeout', 'late')
          if (step.kind === 'link') rig[step.arm].connection = step.is
          if (step.kind === 'silent') rig[step.arm].silent[step.is ? 'add' : 'delete'](step.joint)
          if (step.kind === 'stuck') rig.follower.stuck[step.is ? 'add' : 'delete'](step.joint)
          if (step.kind === 'hot') rig.follower.changes.set(step.joint, { temperatureC: step.celsius })
          if (step.kind === 'page')
            rig.lease = { silentUs: step.silentMs * 1000, deafUs: step.silentMs * 1000 }
          if (step.kind === 'stall') stallUs = step.ms * 1000
          for (let tick = 0; tick < length; tick++) {
            const dtUs = tick === 0 && stallUs > 0 ? stallUs : (ticks[count++ % ticks.length] ?? 5000)
            if (rig.last.leaderGoal === null)
              rig.leader.pose[hand.joint] = Math.max(
                -3,
                Math.min(3, (rig.leader.pose[hand.joint] ?? 0) + (hand.speed * dtUs) / 1e6),
              )
            const before = rig.core.mode
            const output = rig.tick(tick === 0 && command ? [command] : [], dtUs)
            expect(output.source).toBe(sourceOf(output.mode))
            if (output.mode === 'idle' || output.mode === 'eStop' || output.mode === 'fault')
              expect(output.leaderGoal).toBeNull()
            if (tick === 0 && command === 'eStop') expect(output.mode).toBe('eStop')
            if (tick === 0 && command === 'takeOver' && (before === 'policy' || before === 'blend'))
              expect(['human', 'hold']).toContain(output.source)
            if (output.source !== 'hold') driven++
          }
        }
        expect(rig.monitor.violations).toEqual([])
      }),
      { numRuns: 80 },
    )
    // The lives are worth something only if somebody drives in them.
    expect(driven).toBeGreaterThan(5000)
  })
})
