/**
 * The register values an arm works with (spec/lerobot.md §2.5). They are read first and written only where they differ:
 * EPROM wears out, and LeRobot's habit of writing it at every connect is not repeated. EPROM stays locked in between.
 */
import type { ArmProfile, JointSpec } from '#core/arm/arm-profile.ts'
import { sramStart, stsRegisters, type StsRegisterName } from '#core/bus/feetech-registers.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { ServoAccess } from './servo-access.ts'

export type ArmRole = 'follower' | 'leader'

export interface ConfigurationReport {
  /** Registers that had to be written, as `joint.Register`. */
  readonly written: readonly string[]
  /** Those of them that the servo did not keep, as firmwares differ in the ranges they accept. */
  readonly refused: readonly string[]
  /** Largest Torque_Limit each joint may be given, profile order, in the register's unit of 0.1 %. */
  readonly maxTorque: readonly number[]
}

/** Angle feedback over several turns: positions could be negative or overflow. */
const multiTurnPhaseBit = 0x10
/** Torque_Limit of a servo whose Max_Torque_Limit says nothing. */
const fullTorque = 1000
/** Without these a goal would not mean a position. */
const indispensable: ReadonlySet<StsRegisterName> = new Set(['Operating_Mode', 'Phase'])

/** What every joint of an arm must read, Phase and Torque_Limit aside: they depend on what is there. */
export function wantedRegisters(
  joint: JointSpec,
  role: ArmRole,
): readonly (readonly [StsRegisterName, number])[] {
  const common = [
    ['Response_Status_Level', 1],
    ['Return_Delay_Time', 0],
    ['Operating_Mode', 0],
    ['Maximum_Acceleration', 254],
    ['Acceleration', 254],
  ] as const
  if (role === 'leader') return common
  const gains = [
    ['P_Coefficient', 16],
    ['I_Coefficient', 0],
    ['D_Coefficient', 32],
  ] as const
  if (joint.kind !== 'gripper') return [...common, ...gains]
  // Half the torque and current: a gripper stalls on what it holds, all day long.
  return [
    ...common,
    ...gains,
    ['Max_Torque_Limit', 500],
    ['Protection_Current', 250],
    ['Overload_Torque', 25],
  ]
}

/**
 * Brings all servos to the wanted values and locks their EPROM.
 * @returns what was written; `control/not-allowed` when EPROM differs while torque is on, since a held arm must not be
 *   reconfigured under load
 */
export async function configureServos(
  access: ServoAccess,
  profile: ArmProfile,
  role: ArmRole,
): Promise<Result<ConfigurationReport>> {
  const written: string[] = []
  const refused: string[] = []
  const maxTorque: number[] = []
  for (const joint of profile.joints) {
    const phase = await access.read(joint.servoId, 'Phase')
    if (!phase.ok) return phase
    const wanted = [...wantedRegisters(joint, role), ['Phase', phase.value & ~multiTurnPhaseBit] as const]
    const differing = await differences(access, joint.servoId, wanted)
    if (!differing.ok) return differing
    const lost = await writeRegisters(access, joint, differing.value)
    if (!lost.ok) return lost
    const fatal = lost.value.find(([name]) => indispensable.has(name))
    if (fatal !== undefined) return notKept(joint, fatal)
    refused.push(...lost.value.map(([name]) => `${joint.name}.${name}`))
    const limit = await access.read(joint.servoId, 'Max_Torque_Limit')
    if (!limit.ok) return limit
    const most = limit.value === 0 ? fullTorque : limit.value
    // Torque_Limit is copied from Max_Torque_Limit at power-on only, and may still be what an earlier session capped it to.
    const rest = await differences(access, joint.servoId, [
      ['Torque_Limit', most],
      ['Lock', 1],
    ])
    if (!rest.ok) return rest
    const uncapped = await writeRegisters(access, joint, rest.value)
    if (!uncapped.ok) return uncapped
    maxTorque.push(most)
    written.push(...[...differing.value, ...rest.value].map(([name]) => `${joint.name}.${name}`))
  }
  return ok({ written, refused, maxTorque })
}

export type Assignment = readonly [StsRegisterName, number]

async function differences(
  access: ServoAccess,
  id: number,
  wanted: readonly Assignment[],
): Promise<Result<readonly Assignment[]>> {
  const differing: Assignment[] = []
  for (const [name, value] of wanted) {
    const present = await access.read(id, name)
    if (!present.ok) return present
    if (present.value !== value) differing.push([name, value])
  }
  return ok(differing)
}

/**
 * Writes registers of one servo, opening the EPROM lock only when one of them lies there.
 * @returns the assignments that the servo did not keep, by reading each back
 */
export async function writeRegisters(
  access: ServoAccess,
  joint: JointSpec,
  assignments: readonly Assignment[],
): Promise<Result<readonly Assignment[]>> {
  const id = joint.servoId
  const isEprom = assignments.some(([name]) => stsRegisters[name].address < sramStart)
  if (isEprom) {
    const torque = await access.read(id, 'Torque_Enable')
    if (!torque.ok) return torque
    if (torque.value !== 0) return refuseUnderTorque(joint, assignments)
    const open = await access.write(id, 'Lock', 0)
    if (!open.ok) return open
  }
  for (const [name, value] of assignments) {
    const result = await access.write(id, name, value)
    if (!result.ok) return result
  }
  const lost = await differences(access, id, assignments)
  if (!lost.ok || !isEprom) return lost
  const closed = await access.write(id, 'Lock', 1)
  return closed.ok ? lost : closed
}

/** What a servo that does not keep a value it cannot work without is answered with. */
export const notKept = (joint: JointSpec, [name, value]: Assignment): Result<never> =>
  fail('bus/servo-error', `${joint.name} does not keep ${name} ${value}`, {
    joint: joint.name,
    register: name,
    wanted: value,
  })

const refuseUnderTorque = (joint: JointSpec, assignments: readonly Assignment[]): Result<never> =>
  fail(
    'control/not-allowed',
    `${joint.name} holds with torque on and needs new settings: support the arm and switch its power off and on`,
    { joint: joint.name, registers: assignments.map(([name]) => name) },
  )
