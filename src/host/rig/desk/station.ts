/** The opened arms of one rig, with the simulator's extras where there are any. Owner of both ports until disposed. */
import { readFile } from 'node:fs/promises'
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import { parseCalibration, type Calibration } from '#core/arm/calibration.ts'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { RigConfig } from '#contract/services/rig.ts'
import { socketPath, type HostOptions } from '../../shared/host-options.ts'
import type { FeetechArm } from '../bus/feetech-arm.ts'
import { openArm } from '../bus/open-arm.ts'
import type { BusAddress } from '../bus/open-channel.ts'
import { openSimLink, type SimLink } from '../sim-link.ts'

export type Role = 'follower' | 'leader'
type ArmConfig = RigConfig['follower']

export interface Station extends AsyncDisposable {
  readonly rig: RigConfig
  readonly follower: FeetechArm
  readonly leader: FeetechArm | null
  /** Null for real arms. */
  readonly sim: SimLink | null
}

/** Profiles by LeRobot's `robot_type` of the follower. */
const profiles: Readonly<Record<string, Readonly<Record<Role, ArmProfile>>>> = {
  so_follower: { follower: so101Follower, leader: so101Leader },
}

export const isSimulated = (rig: RigConfig): boolean => rig.follower.port.kind === 'simulated'

export function armAddress(config: ArmConfig, role: Role, options: HostOptions): BusAddress {
  if (config.port.kind === 'serial') return config.port
  return { kind: 'socket', path: socketPath(options.socketDir, `sim-${role}`) }
}

/** The profile and the calibration file of an arm; null when the servos' own calibration is to be used. */
export async function armSetup(
  rig: RigConfig,
  role: Role,
): Promise<Result<{ readonly profile: ArmProfile; readonly calibration: Calibration | null }>> {
  const profile = profiles[rig.robotType]?.[role]
  if (profile === undefined)
    return fail('control/not-allowed', `no profile for robot type ${rig.robotType}`, {
      robotType: rig.robotType,
    })
  const path = (role === 'follower' ? rig.follower : rig.leader)?.calibrationPath ?? null
  if (path === null) return ok({ profile, calibration: null })
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return fail('arm/calibration-missing', 'the calibration file cannot be read', { path })
  const calibration = parseCalibration(text, profile)
  return calibration.ok ? ok({ profile, calibration: calibration.value }) : calibration
}

/** Opens follower, then leader. What was opened is closed again when a later step fails; the fault says which arm. */
export async function openStation(rig: RigConfig, options: HostOptions): Promise<Result<Station>> {
  await using opened = new AsyncDisposableStack()
  const arms: Partial<Record<Role, FeetechArm>> = {}
  for (const role of ['follower', 'leader'] as const) {
    const config = rig[role]
    if (config === null) continue
    const setup = await armSetup(rig, role)
    const arm = setup.ok
      ? await openArm({ ...setup.value, port: armAddress(config, role, options), role })
      : setup
    if (!arm.ok) return fail(arm.error.code, arm.error.message, { ...arm.error.data, arm: role })
    arms[role] = opened.use(arm.value)
  }
  const { follower, leader = null } = arms
  if (follower === undefined) return fail('control/not-connected', 'a rig needs a follower')
  let sim: SimLink | null = null
  if (isSimulated(rig)) {
    const link = await openSimLink(options.socketDir).catch((error: unknown) => String(error))
    if (typeof link === 'string') return fail('sim/not-available', link)
    sim = opened.use(link)
  }
  const owned = opened.move()
  return ok({ rig, follower, leader, sim, [Symbol.asyncDispose]: () => owned.disposeAsync() })
}
