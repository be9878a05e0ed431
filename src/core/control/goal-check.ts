/** Nothing that is not a finite pose inside the arm's range passes as a request; the fault names the joint. */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import { fail, ok, type Result } from '../result.ts'

/** A request may stand this far outside the range and still be meant: it is then limited to the range, and counted. */
const slackRad = 0.1

export function checkRequest(profile: ArmProfile, pose: JointVector): Result<JointVector> {
  if (pose.length !== profile.joints.length) {
    return fail('control/bad-action', 'The action has the wrong number of joints', {
      expected: profile.joints.length,
      got: pose.length,
    })
  }
  for (const [index, joint] of profile.joints.entries()) {
    const value = pose[index]
    if (value === undefined || !Number.isFinite(value)) {
      return fail('policy/not-finite', 'The action is not a number', {
        joint: joint.name,
        value: String(value),
      })
    }
    const slack = slackRad / joint.radPerUnit
    if (value < joint.lower - slack || value > joint.upper + slack) {
      return fail('policy/out-of-range', 'The action is outside the range of a joint', {
        joint: joint.name,
        value,
      })
    }
  }
  return ok(pose)
}
