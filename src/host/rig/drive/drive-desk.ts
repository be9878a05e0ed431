/**
 * What is driven now, and by whom: at most one session at a time, the lease that outlives sessions, and the state for every
 * page. Invariants: a station is never closed under a powered arm; an arm whose bus came back is seated again by itself, and
 * moved only by a person.
 */
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import type { DriveState, TelemetryBatch } from '#contract/services/drive.ts'
import type { Clock } from '../../shared/clock.ts'
import type { ArmPort } from '../arm-port.ts'
import type { PolicySeat } from '../loop/control-loop.ts'
import type { Ticker } from '../loop/ticker.ts'
import { DriveSession, defaultPeriodUs } from './drive-session.ts'
import { emptyDriveState } from './drive-state.ts'
import type { HoldFile } from './hold-file.ts'
import { Lease } from './lease.ts'

type Role = 'follower' | 'leader'

export interface DriveRig {
  readonly follower: ArmPort
  readonly leader: ArmPort | null
  readonly isReal: boolean
  /** Joints of the follower found powered when it was opened. */
  readonly heldJoints: readonly string[]
  /** Opens an arm again whose bus was lost. The lost port is the callee's to close first. */
  readonly reopen: (role: Role) => Promise<Result<ArmPort>>
  /** Told when an arm's bus is gone (its fault) or back (null). */
  readonly armChanged: (role: Role, fault: Fault | null) => void
}

export interface DriveDeskParts {
  readonly clock: Clock
  readonly timeOfDay: () => string
  readonly createTicker: (periodUs: number) => Ticker
  readonly holdFile: HoldFile
  /** Calls back once, later. */
  readonly later: (callback: () => void, ms: number) => Disposable
}

const reopenMs = 1000
/** A slow stop from full speed takes 0.35 s. */
const patienceMs = 3000
/** Live numbers are pushed ten times a second, changes of mode at once. */
const pushUs = 100_000

export class DriveDesk {
  readonly lease: Lease
  readonly #parts: DriveDeskParts
  readonly #stateListeners = new Set<(state: DriveState) => void>()
  readonly #tickListeners = new Set<(record: TickRecord) => void>()
  readonly #telemetry = new Map<
    object,
    { readonly maxHz: number; readonly emit: (batch: TelemetryBatch) => void; stop: Disposable | null }
  >()
  #session: DriveSession | null = null
  #rig: DriveRig | null = null
  #retries = new Map<Role, Disposable>()
  #policy: { readonly info: DriveState['policy']; readonly seat: PolicySeat | null } = {
    info: null,
    seat: null,
  }
  #pushedUs = Number.NEGATIVE_INFINITY
  #pushedMode: DriveState['mode'] = 'idle'

  constructor(parts: DriveDeskParts) {
    this.#parts = parts
    this.lease = new Lease(parts.clock, () => this.#session?.isDriving ?? false)
  }

  get session(): DriveSession | null {
    return this.#session
  }

  /** For the supervisor: sleep is inhibited while true. */
  get isTorqueOn(): boolean {
    return this.#session?.isPowered ?? false
  }

  /** Takes over the arms of a station and starts the loop. Nothing moves and no torque changes. */
  async attach(rig: DriveRig): Promise<Result<void>> {
    if (this.#session) return fail('control/not-allowed', 'A rig is already being driven')
    const { clock, timeOfDay, createTicker, holdFile, later } = this.#parts
    const holdNote = await holdFile.read()
    const session = new DriveSession({
      follower: rig.follower,
      leader: rig.leader,
      isReal: rig.isReal,
      heldJoints: rig.heldJoints,
      clock,
      timeOfDay,
      ticker: createTicker(defaultPeriodUs),
      holdFile,
      holdNote,
      lease: (nowUs) => this.lease.view(nowUs),
      patience: () => new Promise((resolve) => later(resolve, patienceMs)),
    })
    this.#session = session
    this.#rig = rig
    session.setPolicy(this.#policy.seat)
    session.onTick((record) => this.#afterTick(record))
    session.onGone((role, fault) => this.#lost(role, fault))
    for (const entry of this.#telemetry.values()) entry.stop = session.telemetry(entry.maxHz, entry.emit)
    this.#push()
    return ok(undefined)
  }

  /** Null when the station may be closed now, else why not. */
  closeBlocker(): Fault | null {
    return this.isTorqueOn
      ? { code: 'control/not-allowed', message: 'The arm is powered: end the session first' }
      : null
  }

  /** Stops the loop and lets go of the arms, whose ports are then the station's to close. */
  async release(): Promise<void> {
    this.#drop()
    this.#push()
  }

  /** Main is lost, or the program ends in order: slow, hold, torque on, noted on disk. */
  async leaveHolding(why: 'main-lost' | 'quit'): Promise<void> {
    await this.#session?.leaveHolding(why)
    this.#drop()
  }

  /** Seats a policy, or none; `info` is what the page shows of it. */
  setPolicy(info: DriveState['policy'], seat: PolicySeat | null): void {
    this.#policy = { info, seat }
    this.#session?.setPolicy(seat)
    this.#push()
  }

  state(): DriveState {
    const { holder } = this.lease
    const lease = { holder: holder?.peer ?? null, label: holder?.label ?? null }
    const policy = this.#policy.info
    return this.#session?.state({ lease, policy }) ?? emptyDriveState(this.#parts.clock(), lease, policy)
  }

  /** The state now, ten times a second while a loop runs, and at every change of mode, lease or policy. */
  onState(listener: (state: DriveState) => void): Disposable {
    this.#stateListeners.add(listener)
    listener(this.state())
    return { [Symbol.dispose]: () => void this.#stateListeners.delete(listener) }
  }

  /** Every tick of whatever session runs, synchronously. */
  onTick(listener: (record: TickRecord) => void): Disposable {
    this.#tickListeners.add(listener)
    return { [Symbol.dispose]: () => void this.#tickListeners.delete(listener) }
  }

  /** Batches of ticks, across sessions. */
  telemetry(maxHz: number, emit: (batch: TelemetryBatch) => void): Disposable {
    const key = {}
    this.#telemetry.set(key, { maxHz, emit, stop: this.#session?.telemetry(maxHz, emit) ?? null })
    return {
      [Symbol.dispose]: () => {
        this.#telemetry.get(key)?.stop?.[Symbol.dispose]()
        this.#telemetry.delete(key)
      },
    }
  }

  /** To be called when lease or policy changed by themselves. */
  changed(): void {
    this.#push()
  }

  #drop(): void {
    for (const retry of this.#retries.values()) retry[Symbol.dispose]()
    this.#retries = new Map()
    this.#session?.[Symbol.dispose]()
    this.#session = null
    this.#rig = null
  }

  #afterTick(record: TickRecord): void {
    for (const listener of this.#tickListeners) listener(record)
    if (record.mode !== this.#pushedMode || record.timeUs - this.#pushedUs >= pushUs)
      this.#push(record.timeUs)
  }

  #push(nowUs = this.#parts.clock()): void {
    const state = this.state()
    this.#pushedUs = nowUs
    this.#pushedMode = state.mode
    for (const listener of this.#stateListeners) listener(state)
  }

  #lost(role: Role, fault: Fault): void {
    this.#rig?.armChanged(role, fault)
    this.#retry(role)
  }

  /** Once a second until the arm is back or the station is let go. */
  #retry(role: Role): void {
    const session = this.#session
    this.#retries.set(
      role,
      this.#parts.later(() => {
        void this.#reopen(role, session)
      }, reopenMs),
    )
  }

  async #reopen(role: Role, session: DriveSession | null): Promise<void> {
    const port = await this.#rig?.reopen(role)
    if (!session || session !== this.#session) {
      if (port?.ok) await port.value[Symbol.asyncDispose]()
      return
    }
    const seated = port?.ok ? session.attach(role, port.value) : port
    if (seated?.ok) this.#rig?.armChanged(role, null)
    else {
      if (seated && port?.ok) {
        await port.value[Symbol.asyncDispose]()
        this.#rig?.armChanged(role, seated.error)
      }
      this.#retry(role)
    }
  }
}
