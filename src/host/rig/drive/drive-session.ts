/**
 * One connected rig being driven, from connecting to letting go: the loop with its core, monitor and telemetry, the
 * commands of a person, and what is remembered on disk about torque. Invariant: when it ends, torque is as it was; only
 * `endSession` and `eStop` take it away.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { ControlCore } from '#core/control/control-core.ts'
import { resolveControlOptions, type ControlOptions } from '#core/control/core-options.ts'
import type { CommandKind } from '#core/control/mode-events.ts'
import type { Mode, Source } from '#core/control/mode.ts'
import { Monitor } from '#core/control/monitor.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import { isDriving, sendsGoals, type LeaseView } from '#core/control/watch-types.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { DriveState, TelemetryBatch } from '#contract/services/drive.ts'
import type { Clock } from '../../shared/clock.ts'
import type { ArmPort } from '../arm-port.ts'
import { processBusClock, type BusClock } from '../bus/bus-clock.ts'
import { ArmSeat } from '../loop/arm-seat.ts'
import { ControlLoop, type PolicySeat } from '../loop/control-loop.ts'
import { Telemetry } from '../loop/telemetry.ts'
import type { Ticker } from '../loop/ticker.ts'
import { armLiveOf, causeOf, commandBlockers, gapsOf } from './drive-state.ts'
import type { HoldFile, HoldNote } from './hold-file.ts'
import { SinceWhen } from './since-when.ts'

export const defaultPeriodUs = 5000

export interface DriveSessionParts {
  readonly follower: ArmPort
  /** Null for a rig without a leader. */
  readonly leader: ArmPort | null
  /** A real arm: "keep clear" is acknowledged once before the first torque. */
  readonly isReal: boolean
  /** Joints found powered when the arm was opened, as after a crash: the session then begins in hold. */
  readonly heldJoints: readonly string[]
  /** The same of the leader, as after a crash in autonomy: it is let go before a hand drives with it. */
  readonly leaderHeldJoints?: readonly string[]
  readonly clock: Clock
  /** Defaults to this process's timers on `clock`. */
  readonly callAt?: BusClock['callAt']
  /** ISO time of day. */
  readonly timeOfDay: () => string
  readonly ticker: Ticker
  readonly periodUs?: number
  readonly control?: Partial<
    Omit<ControlOptions, 'follower' | 'leader' | 'periodUs' | 'startHolding' | 'isLeaderHeld'>
  >
  readonly holdFile: HoldFile | null
  /** What a former session noted, where the arm was found held. */
  readonly holdNote: HoldNote | null
  /** Resolves when leaving must not wait any longer for the arm to come to rest; 3 s unless given. */
  readonly patience?: () => Promise<void>
  /** Null where nobody needs a lease (command line). */
  readonly lease: ((nowUs: number) => LeaseView) | null
}

export interface OuterState {
  readonly lease: DriveState['lease']
  readonly policy: DriveState['policy']
}

type Role = 'follower' | 'leader'

/** A slow stop from full speed takes 0.35 s; a loop that stands still for longer will not get there. */
const patience = (): Promise<void> => delay(3000, undefined, { ref: false })

const moving: ReadonlySet<Mode> = new Set<Mode>(['matching', 'teleop', 'policy', 'blend', 'slowStop'])

export class DriveSession implements Disposable {
  readonly #parts: DriveSessionParts
  readonly #alignToleranceRad: number
  readonly #follower: ArmSeat
  readonly #leader: ArmSeat | null
  readonly #core: ControlCore
  readonly #monitor: Monitor
  readonly #loop: ControlLoop
  readonly #telemetry: Telemetry
  readonly #since = new SinceWhen()
  readonly #goneListeners = new Set<(role: Role, fault: Fault) => void>()
  readonly #waiters = new Set<{ readonly modes: ReadonlySet<Mode>; readonly resolve: (mode: Mode) => void }>()
  #needsKeepClear: boolean
  #heldSince: string | null
  /** The note on disk says that torque is on. */
  #isNoted: boolean
  #mode: Mode
  #blendFrom: Source = 'hold'
  #lastSource: Source = 'hold'

  constructor(parts: DriveSessionParts) {
    const { follower, leader, periodUs = defaultPeriodUs } = parts
    const options: ControlOptions = {
      ...parts.control,
      follower: follower.profile,
      leader: leader?.profile ?? null,
      periodUs,
      startHolding: parts.heldJoints.length > 0,
      isLeaderHeld: (parts.leaderHeldJoints?.length ?? 0) > 0,
    }
    this.#parts = parts
    this.#alignToleranceRad = resolveControlOptions(options).alignToleranceRad
    this.#needsKeepClear = parts.isReal
    this.#isNoted = parts.heldJoints.length > 0
    this.#heldSince = this.#isNoted ? (parts.holdNote?.since ?? null) : null
    if (!this.#isNoted && parts.holdNote) void parts.holdFile?.clear()
    this.#core = new ControlCore(options)
    this.#mode = this.#core.mode
    this.#monitor = new Monitor({ joints: follower.profile.joints, periodUs })
    this.#follower = this.#seat('follower', follower)
    this.#leader = leader ? this.#seat('leader', leader) : null
    this.#telemetry = new Telemetry(follower.profile.joints.length)
    this.#loop = new ControlLoop({
      clock: parts.clock,
      callAt: parts.callAt ?? processBusClock(parts.clock).callAt,
      ticker: parts.ticker,
      periodUs,
      core: this.#core,
      monitor: this.#monitor,
      follower: this.#follower,
      leader: this.#leader,
      lease: (nowUs) => parts.lease?.(nowUs) ?? null,
    })
    this.#loop.onTick((record) => this.#afterTick(record))
    this.#loop.start()
  }

  get mode(): Mode {
    return this.#mode
  }

  get isDriving(): boolean {
    return isDriving(this.#mode)
  }

  /** Whether an arm is or may be powered: sleep is then inhibited and the port stays open. */
  get isPowered(): boolean {
    const mayBe = (seat: ArmSeat | null): boolean =>
      seat?.torque.report.state === 'on' || seat?.torque.report.state === 'switching'
    return sendsGoals(this.#mode) || mayBe(this.#follower) || mayBe(this.#leader)
  }

  /** The loop's own measurements, monitor and limit events, for reports. */
  get measured(): Pick<ControlLoop, 'meter' | 'limitEvents'> & { readonly monitor: Monitor } {
    return { meter: this.#loop.meter, limitEvents: this.#loop.limitEvents, monitor: this.#monitor }
  }

  onTick(listener: (record: TickRecord) => void): Disposable {
    return this.#loop.onTick(listener)
  }

  telemetry(maxHz: number, emit: (batch: TelemetryBatch) => void): Disposable {
    return this.#telemetry.subscribe(maxHz, emit)
  }

  /** Called when an arm's bus is gone. */
  onGone(listener: (role: Role, fault: Fault) => void): Disposable {
    this.#goneListeners.add(listener)
    return { [Symbol.dispose]: () => void this.#goneListeners.delete(listener) }
  }

  /** Seats an arm that came back. The follower then holds, unpowered as far as is known, until a person engages. */
  attach(role: Role, port: ArmPort): Result<void> {
    const seat = role === 'follower' ? this.#follower : this.#leader
    return seat ? seat.attach(port) : fail('control/not-connected', 'This rig has no leader')
  }

  setPolicy(policy: PolicySeat | null): void {
    this.#loop.setPolicy(policy)
  }

  /** Torque on and align, then the human drives. Resolves once the command is accepted, not once it has happened. */
  async engage({
    keepClearAcknowledged,
  }: {
    readonly keepClearAcknowledged: boolean
  }): Promise<Result<void>> {
    if (keepClearAcknowledged) this.#needsKeepClear = false
    return this.#powering('engage')
  }

  hold = (): Promise<Result<void>> => this.#command('hold')
  giveToPolicy = (): Promise<Result<void>> => this.#command('giveToPolicy')
  takeOver = (): Promise<Result<void>> => this.#command('takeOver')
  stop = (): Promise<Result<void>> => this.#command('stop')

  /** After a hold: goes on with whoever drove. */
  resume = (): Promise<Result<void>> => this.#powering('resume')
  /** After a fault or an e-stop: torque on at the present pose, then hold. */
  recover = (): Promise<Result<void>> => this.#powering('recover')

  /** Cuts torque at once. The fault says when it could not be cut: the arm's power switch is what is left. */
  async eStop(): Promise<Result<void>> {
    const result = await this.#loop.eStop()
    return result.ok ? ok(undefined) : result
  }

  /**
   * Comes to rest, parks where the arm lay before torque came on (where that is known), then torque off. A stop, a fault or
   * another command on the way ends it there: the arm holds, and the result says so.
   */
  async endSession(): Promise<Result<void>> {
    if (isDriving(this.#mode)) {
      const held = await this.#command('hold')
      if (!held.ok) return held
    }
    const rested = await this.#leave(moving)
    if (rested === 'holding' && this.#core.blocker('park') === null) {
      const parking = await this.#command('park')
      if (!parking.ok) return parking
      const parked = await this.#leave(moving)
      const cause = this.#core.view().causes[0]
      if (parked !== 'holding' || cause) {
        return fail('control/not-allowed', 'Parking was interrupted; the arm holds', {
          mode: parked,
          cause: cause?.code,
        })
      }
    }
    return this.#command('powerOff')
  }

  /** Slows, holds, notes on disk that torque stays on, and stops the loop. For a lost main and for an orderly end alike. */
  async leaveHolding(why: 'main-lost' | 'quit'): Promise<void> {
    if (isDriving(this.#mode)) void this.#command('stop')
    await Promise.race([this.#leave(moving), (this.#parts.patience ?? patience)()])
    if (this.#isNoted) void this.#parts.holdFile?.write({ since: this.#parts.timeOfDay(), why })
    await this.#parts.holdFile?.settled()
    this[Symbol.dispose]()
  }

  state({ lease, policy }: OuterState): DriveState {
    const nowUs = this.#parts.clock()
    const view = this.#core.view()
    const [cause] = view.causes
    this.#since.begin(nowUs)
    const warnings = view.warnings.slice(0, 3).map((fault) => causeOf(fault, this.#since.of(fault.code)))
    return {
      timeUs: nowUs,
      mode: view.mode,
      source: view.source,
      sinceUs: view.sinceUs,
      cause: cause ? causeOf(cause, this.#since.of(cause.code)) : null,
      warnings,
      gaps: gapsOf(view, this.#parts.follower.profile, this.#alignToleranceRad),
      secondsLeft: view.secondsLeft,
      blend: view.mode === 'blend' ? { from: this.#blendFrom, to: 'policy' } : null,
      commands: commandBlockers(view),
      lease,
      derate: view.speedFactor,
      policy,
      loop: this.#loop.meter.stats(),
      follower: armLiveOf(this.#follower, nowUs),
      leader: armLiveOf(this.#leader, nowUs),
      lagMs: this.#loop.meter.lagMs,
      heldSince: this.#heldSince,
      takeOver: this.#loop.meter.takeOver,
      needsKeepClear: this.#needsKeepClear,
      monitorViolations: this.#monitor.count,
    }
  }

  /** Stops the loop. Ports stay open and torque as it is; both are the owner's. */
  [Symbol.dispose](): void {
    this.#loop[Symbol.dispose]()
    this.#follower.detach()
    this.#leader?.detach()
    this.#release(true)
  }

  #seat(role: Role, port: ArmPort): ArmSeat {
    const seat = new ArmSeat(port.profile, (fault) => {
      for (const listener of this.#goneListeners) listener(role, fault)
    })
    seat.attach(port)
    return seat
  }

  /** A command that may switch torque on. */
  #powering(kind: 'engage' | 'resume' | 'recover'): Promise<Result<void>> {
    if (!this.#needsKeepClear) return this.#command(kind)
    return Promise.resolve(fail('control/keep-clear', 'Keep clear of the arm, then engage'))
  }

  async #command(kind: CommandKind): Promise<Result<void>> {
    const result = await this.#loop.command(kind)
    if (!result.ok) return result
    if (kind !== 'stop') this.#heldSince = null
    return ok(undefined)
  }

  /** Resolves with the first mode outside `modes`, now, after a tick, or when the session ends. */
  #leave(modes: ReadonlySet<Mode>): Promise<Mode> {
    if (!modes.has(this.#mode)) return Promise.resolve(this.#mode)
    return new Promise((resolve) => this.#waiters.add({ modes, resolve }))
  }

  #release(isEnd: boolean): void {
    for (const waiter of this.#waiters) {
      if (!isEnd && waiter.modes.has(this.#mode)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(this.#mode)
    }
  }

  #afterTick(record: TickRecord): void {
    this.#telemetry.put(record)
    if (record.mode !== this.#mode) {
      if (record.mode === 'blend') this.#blendFrom = this.#lastSource
      this.#mode = record.mode
    }
    this.#lastSource = record.source
    this.#noteTorque(record)
    this.#release(false)
  }

  /** Keeps the note on disk in step with what is known of the follower's torque. */
  #noteTorque(record: TickRecord): void {
    const isOff = this.#follower.torque.report.state === 'off'
    if (record.sent !== null && !this.#isNoted) {
      this.#isNoted = true
      void this.#parts.holdFile?.write({ since: this.#parts.timeOfDay(), why: 'powered' })
    } else if (isOff && this.#isNoted) {
      this.#isNoted = false
      this.#heldSince = null
      void this.#parts.holdFile?.clear()
    }
  }
}
