/**
 * The one owner of "which rig is connected": opens and closes stations, tells whoever watches, and hands each station to
 * the rest of the host. Connecting while connected, or while an arm is powered, is refused rather than guessed at.
 */
import { calibrationHash } from '#core/arm/calibration-hash.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ArmState, RigConfig, RigState } from '#contract/services/rig.ts'
import type { HostOptions } from '../../shared/host-options.ts'
import type { Log } from '../../shared/log.ts'
import { writeArmCalibration } from '../bus/open-arm.ts'
import { armAddress, armSetup, openStation, type Role, type Station } from './station.ts'

/** What the rest of the rig host does with a station. `attach` takes it over; `release` resolves when nothing uses it any more. */
export interface StationUser {
  attach(station: Station): Promise<Result<void>>
  /** Null when it may be closed now, else why not (an arm is powered). */
  closeBlocker(): Fault | null
  release(): Promise<void>
}

export class RigDesk {
  readonly #options: HostOptions
  readonly #log: Log
  readonly #user: StationUser
  readonly #listeners = new Set<(state: RigState) => void>()
  #state: RigState
  /** Until a rig is connected. */
  #left: RigState['left']
  #station: Station | null = null

  /** `left`: the rig that an earlier host left with torque on. */
  constructor(options: HostOptions, log: Log, user: StationUser, left: RigState['left']) {
    this.#left = left
    this.#state = this.#none(null, [], null)
    this.#options = options
    this.#log = log
    this.#user = user
  }

  get state(): RigState {
    return this.#state
  }

  get station(): Station | null {
    return this.#station
  }

  onState(listener: (state: RigState) => void): Disposable {
    this.#listeners.add(listener)
    listener(this.#state)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  async connect(rig: RigConfig): Promise<Result<RigState>> {
    if (this.#state.status === 'connecting') return fail('control/not-allowed', 'a rig is being connected')
    const closed = await this.disconnect()
    if (!closed.ok) return closed
    this.#set({ status: 'connecting', rig, arms: describe(rig, 'connecting', null), fault: null })
    const opened = await openStation(rig, this.#options)
    if (!opened.ok) return this.#refuse(rig, opened.error)
    const attached = await this.#user.attach(opened.value)
    if (!attached.ok) {
      await opened.value[Symbol.asyncDispose]()
      return this.#refuse(rig, attached.error)
    }
    this.#station = opened.value
    this.#left = undefined
    this.#log.info('rig', 'connected', { rig: rig.name, robotType: rig.robotType })
    this.#set({ status: 'connected', rig, arms: describe(rig, 'ready', opened.value), fault: null })
    return ok(this.#state)
  }

  /** Fails with the reason while an arm is powered. */
  async disconnect(): Promise<Result<void>> {
    const station = this.#station
    if (station !== null) {
      const blocker = this.#user.closeBlocker()
      if (blocker !== null) return { ok: false, error: blocker }
      this.#station = null
      await this.#user.release()
      await station[Symbol.asyncDispose]()
    }
    this.#set(this.#none(null, [], null))
    return ok(undefined)
  }

  /** Writes the file's offsets and limits into servos whose mismatch was shown. Not while connected. */
  async writeCalibration(role: Role): Promise<Result<void>> {
    const { rig } = this.#state
    const config = rig?.[role] ?? null
    if (rig === null || config === null) return fail('control/not-connected', 'no rig was chosen')
    if (this.#station !== null) return fail('control/not-allowed', 'disconnect the rig first')
    const setup = await armSetup(rig, role)
    if (!setup.ok) return setup
    const { profile, calibration } = setup.value
    if (calibration === null) return fail('arm/calibration-missing', 'no calibration file was chosen')
    return await writeArmCalibration({ port: armAddress(config, role, this.#options), profile, calibration })
  }

  /** A bus is gone, or has come back. */
  armChanged(role: Role, fault: Fault | null): void {
    if (this.#station === null) return
    const arms = this.#state.arms.map((arm) =>
      arm.role === role
        ? { ...arm, status: fault === null ? ('ready' as const) : ('gone' as const), fault }
        : arm,
    )
    const worst = arms.find((arm) => arm.fault !== null)?.fault ?? null
    this.#set({ ...this.#state, status: worst === null ? 'connected' : 'lost', arms, fault: worst })
  }

  #refuse(rig: RigConfig, fault: Fault): Result<never> {
    this.#log.warn('rig', `not connected: ${fault.message}`, {
      rig: rig.name,
      code: fault.code,
      ...fault.data,
    })
    const arms = describe(rig, 'connecting', null).map((arm) => ({
      ...arm,
      status: 'refused' as const,
      fault: fault.data?.['arm'] === arm.role ? fault : null,
    }))
    this.#set(this.#none(rig, arms, fault))
    return { ok: false, error: fault }
  }

  #none(rig: RigConfig | null, arms: ArmState[], fault: Fault | null): RigState {
    return { status: 'none', rig, arms, fault, ...(this.#left === undefined ? {} : { left: this.#left }) }
  }

  #set(state: RigState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

function describe(rig: RigConfig, status: ArmState['status'], station: Station | null): ArmState[] {
  return (['follower', 'leader'] as const).flatMap((role) => {
    const config = rig[role]
    if (config === null) return []
    const arm = station?.[role] ?? null
    return [
      {
        role,
        port: config.port.kind === 'serial' ? config.port.path : 'simulated',
        isSimulated: config.port.kind === 'simulated',
        status,
        fault: null,
        calibrationPath: config.calibrationPath,
        calibrationHash: arm === null ? null : calibrationHash(arm.calibration),
        jointNames: arm?.profile.joints.map((joint) => joint.name) ?? [],
      },
    ]
  })
}
