/** What a chunk must satisfy before a single step of it may be followed: shape, finite numbers, joint ranges. */
import type { JointSpec, JointVector } from '../arm/arm-profile.ts'
import { fail, ok } from '../result.ts'
import type { Fault, Result } from '../result.ts'
import type { ActionChunk } from './chunk.ts'
import type { ExecutorMode } from './executor-settings.ts'

/** Learned policies overshoot a joint's end a little; the limiter clamps that, more is a wrong unit or a wrong joint. */
const rangeToleranceRad = 0.1

/** Fails with `policy/wrong-shape`, `policy/not-finite` or `policy/out-of-range`; the data names step and joint. */
export function checkChunk(chunk: ActionChunk, joints: readonly JointSpec[]): Result<ActionChunk> {
  if (chunk.steps.length < 2 || !(chunk.stepUs > 0)) {
    return fail('policy/wrong-shape', `a chunk of ${chunk.steps.length} steps, ${chunk.stepUs} µs each`)
  }
  for (const [step, pose] of chunk.steps.entries()) {
    if (pose.length !== joints.length) {
      return fail(
        'policy/wrong-shape',
        `step ${step} has ${pose.length} numbers for ${joints.length} joints`,
        { step },
      )
    }
    for (const [index, joint] of joints.entries()) {
      const value = pose[index] ?? Number.NaN
      const tolerance = rangeToleranceRad / joint.radPerUnit
      if (!Number.isFinite(value))
        return fail('policy/not-finite', `${joint.name} at step ${step} is ${value}`, {
          step,
          joint: joint.name,
        })
      if (value < joint.lower - tolerance || value > joint.upper + tolerance) {
        return fail(
          'policy/out-of-range',
          `${joint.name} at step ${step} is ${value}, outside ${joint.lower}…${joint.upper}`,
          { step, joint: joint.name, value, lower: joint.lower, upper: joint.upper },
        )
      }
    }
  }
  return ok(chunk)
}

/** The joint whose first step lies farthest from `pose`, and how far in radians of servo travel. */
export function firstGap(
  chunk: ActionChunk,
  pose: JointVector,
  joints: readonly JointSpec[],
): { joint: string; gapRad: number } {
  let worst = { joint: '', gapRad: 0 }
  joints.forEach((joint, index) => {
    const gapRad =
      Math.abs((chunk.steps[0]?.[index] ?? Number.NaN) - (pose[index] ?? Number.NaN)) * joint.radPerUnit
    if (!(gapRad <= worst.gapRad)) worst = { joint: joint.name, gapRad }
  })
  return worst
}

/**
 * A policy whose chunks usually last shorter than the next one takes would stop the arm again and again: only `sync`, in which
 * the arm waits, can drive with it. Null where it keeps up, or while its delay was not measured.
 */
export function tooSlow(delayUs: number | null, chunk: ActionChunk, mode: ExecutorMode): Fault | null {
  const chunkUs = (chunk.steps.length - 1) * chunk.stepUs
  if (mode === 'sync' || delayUs === null || delayUs <= chunkUs) return null
  const [delayS, chunkS] = [delayUs / 1e6, chunkUs / 1e6]
  const message = `a chunk takes ${delayS.toFixed(1)} s and lasts ${chunkS.toFixed(1)} s`
  return { code: 'policy/too-slow', message, data: { delayS, chunkS } }
}
