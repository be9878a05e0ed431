/**
 * Reaching for a point with a pitch that is wished for rather than required. The SO-101 cannot hang its gripper straight
 * down above about 8 cm, because wrist_flex ends first; carrying something must tilt it instead of failing.
 */
import type { ArmProfile, JointVector } from './arm-profile.ts'
import { ok, type Result } from '../result.ts'
import { solveTool, solveToolNear, type ToolTarget } from './inverse-kinematics.ts'
import { gripperPitchRad } from './kinematics.ts'

/** Halvings between the free pitch and the wanted one: leaves less than 2° of what could have been kept. */
const halvings = 7

/** As `solveTool`, but with the pitch nearest to the wanted one at which the point can be reached. */
export function reachTool(profile: ArmProfile, target: ToolTarget, start: JointVector): Result<JointVector> {
  const exact = solveToolNear(profile, target, start)
  if (exact.ok || target.pitchRad === undefined) return exact
  const free = solveTool(profile, withoutPitch(target), start)
  if (!free.ok) return free
  let best = free.value
  let reachedRad = gripperPitchRad(best)
  let missedRad = target.pitchRad
  const again = solveToolNear(profile, target, best)
  if (again.ok) return again
  for (let i = 0; i < halvings; i += 1) {
    const pitchRad = (reachedRad + missedRad) / 2
    const attempt = solveToolNear(profile, { ...target, pitchRad }, best)
    if (attempt.ok) [best, reachedRad] = [attempt.value, pitchRad]
    else missedRad = pitchRad
  }
  return ok(best)
}

const withoutPitch = ({ positionM, rollRad }: ToolTarget): ToolTarget =>
  rollRad === undefined ? { positionM } : { positionM, rollRad }
