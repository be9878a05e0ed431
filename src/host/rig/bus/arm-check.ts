/** Whether the servos on a bus are the ones the profile names, before anything is written to them. */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import { modelByName, modelByNumber } from '#core/bus/feetech-models.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { isChannelEnd } from './byte-channel.ts'
import type { ServoAccess } from './servo-access.ts'

/**
 * Looks for every servo of the profile.
 * @returns firmware versions in profile order; `bus/no-reply` naming all joints that do not answer, `bus/wrong-model`
 */
export async function checkServos(
  access: ServoAccess,
  profile: ArmProfile,
): Promise<Result<readonly string[]>> {
  const missing: string[] = []
  for (const joint of profile.joints) {
    const reply = await access.ping(joint.servoId)
    if (reply.ok) continue
    if (isChannelEnd(reply.error)) return reply
    missing.push(joint.name)
  }
  if (missing.length > 0) return fail('bus/no-reply', absence(profile, missing), { joints: missing })
  const firmware: string[] = []
  for (const joint of profile.joints) {
    const number = await access.read(joint.servoId, 'Model_Number')
    if (!number.ok) return number
    if (number.value !== modelByName(joint.servoModel)?.number) {
      const found = modelByNumber(number.value)?.name ?? `model ${number.value}`
      return fail('bus/wrong-model', `${joint.name} is a ${found}, the robot has a ${joint.servoModel}`, {
        joint: joint.name,
        expected: joint.servoModel,
        found,
      })
    }
    const major = await access.read(joint.servoId, 'Firmware_Major_Version')
    if (!major.ok) return major
    const minor = await access.read(joint.servoId, 'Firmware_Minor_Version')
    if (!minor.ok) return minor
    firmware.push(`${major.value}.${minor.value}`)
  }
  return ok(firmware)
}

function absence(profile: ArmProfile, missing: readonly string[]): string {
  if (missing.length === profile.joints.length)
    return 'no servo answers: is the arm powered, and is this its port?'
  const first = profile.joints.findIndex((joint) => joint.name === missing[0])
  const isTail = missing.length === profile.joints.length - first
  const hint = isTail ? `check the cable to ${missing[0]}` : 'check their cables and ids'
  return `${missing.join(', ')} do not answer: ${hint}`
}
