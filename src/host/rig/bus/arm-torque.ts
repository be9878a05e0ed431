/**
 * Torque on in the one safe order, and torque off whatever happens. A servo resumes its old goal when it is powered, and a
 * goal write can itself switch torque on (STS3215), so the goal is made the present position first, and read back.
 */
import type { ArmProfile, JointSpec } from '#core/arm/arm-profile.ts'
import { jointCalibration, type Calibration, type JointCalibration } from '#core/arm/calibration.ts'
import { encodeSyncWrite } from '#core/bus/feetech-packet.ts'
import { stsRegisters } from '#core/bus/feetech-registers.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { FeetechBus } from './feetech-bus.ts'
import { isChannelEnd } from './byte-channel.ts'
import { besideLoop, type ServoAccess } from './servo-access.ts'

/**
 * A joint may rest this far outside its recorded range when it is powered: the servo pulls it to the end of the range,
 * three degrees at most. Further out a person moves it first.
 */
const toleranceTicks = 34

/** Rounds over the joints that have not confirmed yet. */
const offRounds = 5
const offTimeoutUs = 10_000

/** Powers joint after joint. On failure those already powered hold where they are. */
export async function powerJoints(
  access: ServoAccess,
  profile: ArmProfile,
  calibration: Calibration,
  signal: AbortSignal,
): Promise<Result<void>> {
  for (const joint of profile.joints) {
    const goal = await holdingGoal(access, joint, jointCalibration(calibration, joint.name), signal)
    if (!goal.ok) return goal
  }
  for (const joint of profile.joints) {
    const result = await powerJoint(access, joint, jointCalibration(calibration, joint.name), signal)
    if (!result.ok) return result
  }
  return ok(undefined)
}

async function powerJoint(
  access: ServoAccess,
  joint: JointSpec,
  entry: JointCalibration,
  signal: AbortSignal,
): Promise<Result<void>> {
  const id = joint.servoId
  const goal = await holdingGoal(access, joint, entry, signal)
  if (!goal.ok) return goal
  const set = await access.write(id, 'Goal_Position', goal.value, { ...besideLoop, signal })
  if (!set.ok) return torqueFault(joint, set.error)
  const stored = await access.read(id, 'Goal_Position', { ...besideLoop, signal })
  if (!stored.ok) return torqueFault(joint, stored.error)
  if (stored.value !== goal.value)
    return fail('arm/torque-failed', `${joint.name} did not take its present position as goal`, {
      joint: joint.name,
      goalTicks: goal.value,
      storedTicks: stored.value,
    })
  const on = await access.write(id, 'Torque_Enable', 1, { ...besideLoop, signal })
  if (!on.ok) return torqueFault(joint, on.error)
  const isOn = await access.read(id, 'Torque_Enable', { ...besideLoop, signal })
  if (!isOn.ok) return torqueFault(joint, isOn.error)
  if (isOn.value === 1) return ok(undefined)
  return fail('arm/torque-failed', `${joint.name} does not switch torque on`, { joint: joint.name })
}

/** The goal at which a joint does not move when it is powered. */
async function holdingGoal(
  access: ServoAccess,
  joint: JointSpec,
  { rangeMin, rangeMax }: JointCalibration,
  signal: AbortSignal,
): Promise<Result<number>> {
  const present = await access.read(joint.servoId, 'Present_Position', { ...besideLoop, signal })
  if (!present.ok) return torqueFault(joint, present.error)
  const goal = Math.min(Math.max(present.value, rangeMin), rangeMax)
  if (Math.abs(goal - present.value) <= toleranceTicks) return ok(goal)
  return fail(
    'arm/torque-failed',
    `${joint.name} stands outside its calibrated range: move it inside by hand`,
    { joint: joint.name, reason: 'outsideRange', presentTicks: present.value, rangeMin, rangeMax },
  )
}

/**
 * Switches every joint off: one packet to all at once, then each joint by itself until it confirms.
 * @returns `arm/torque-failed` naming the joints that never confirmed, `bus/closed` when the bus is gone
 */
export async function releaseJoints(
  bus: FeetechBus,
  access: ServoAccess,
  profile: ArmProfile,
): Promise<Result<void>> {
  const off = profile.joints.map(({ servoId }) => ({ id: servoId, data: [0] }))
  const posted = bus.post(encodeSyncWrite(stsRegisters.Torque_Enable.address, off))
  if (!posted.ok && isChannelEnd(posted.error)) return posted
  let left: readonly JointSpec[] = profile.joints
  for (let round = 0; round < offRounds && left.length > 0; round += 1) {
    // All stand in line together, so that nothing comes between; each has its own slot to answer in.
    const writing = left.map((joint, place) =>
      access.write(joint.servoId, 'Torque_Enable', 0, {
        isUrgent: true,
        attempts: 1,
        timeoutUs: offTimeoutUs * (place + 1),
      }),
    )
    const results = await Promise.all(writing)
    const gone = results.find((result) => !result.ok && isChannelEnd(result.error))
    if (gone !== undefined) return gone
    left = left.filter((_, j) => results[j]?.ok !== true)
  }
  if (left.length === 0) return ok(undefined)
  const names = left.map((joint) => joint.name)
  return fail('arm/torque-failed', `${names.join(', ')} did not confirm that torque is off`, {
    joints: names,
  })
}

/** A bus that is gone, or a withdrawn request, stays what it is; anything else is this joint's failure. */
function torqueFault(joint: JointSpec, cause: Fault): Result<never> {
  if (isChannelEnd(cause) || cause.code === 'contract/cancelled') return { ok: false, error: cause }
  return fail('arm/torque-failed', `${joint.name}: ${cause.message}`, {
    joint: joint.name,
    cause: cause.code,
  })
}
