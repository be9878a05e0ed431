/**
 * The control loop: on every beat read both arms at once, step the core, check the goal with the independent monitor, send,
 * and tell whoever listens, synchronously. Invariants: ticks never overlap; a goal passes only the interlock of its arm; a
 * goal that the monitor objects to is not sent and ends in a fault.
 */
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { ActionSource } from '#core/control/action-source.ts'
import type { ControlCore } from '#core/control/control-core.ts'
import type { ControlInput, ControlOutput, PendingCommand, PolicyInput } from '#core/control/core-types.ts'
import type { CommandKind } from '#core/control/mode-events.ts'
import type { Mode } from '#core/control/mode.ts'
import type { Monitor } from '#core/control/monitor.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import type { LeaseView } from '#core/control/watch-types.ts'
import { fail, type Fault, type Result } from '#core/result.ts'
import type { Clock } from '../../shared/clock.ts'
import type { BusClock } from '../bus/bus-clock.ts'
import type { ArmSeat } from './arm-seat.ts'
import { LoopMeter } from './loop-stats.ts'
import type { Ticker, TickerBeat } from './ticker.ts'

/** Left of a period for stepping and writing; a tick goes on without what is not read by then. */
const marginUs = 800
/**
 * How long a read may take, in periods. A busy computer delivers late rather than not at all, and a late reading serves
 * the next tick; what is really lost costs two ticks of old values.
 */
const readPeriods = 2.4

export interface PolicySeat {
  readonly name: string
  readonly source: ActionSource
}

export interface ControlLoopParts {
  readonly clock: Clock
  /** Calls back once at a time of `clock`. */
  readonly callAt: BusClock['callAt']
  readonly ticker: Ticker
  readonly periodUs: number
  readonly core: ControlCore
  readonly monitor: Monitor
  readonly follower: ArmSeat
  /** Null for a rig without a leader. */
  readonly leader: ArmSeat | null
  /** Who drives, as last heard; null where no lease is needed. */
  readonly lease: (nowUs: number) => LeaseView | null
}

type Resolve = (result: Result<Mode>) => void

export class ControlLoop implements Disposable {
  readonly meter: LoopMeter
  readonly #parts: ControlLoopParts
  readonly #listeners = new Set<(record: TickRecord) => void>()
  readonly #waiting = new Map<number, Resolve>()
  #commands: PendingCommand[] = []
  #nextCommand = 1
  #policy: PolicySeat | null = null
  #isPolicyRunning = false
  #isBusy = false
  #isEnded = false
  #hurry: (() => void) | null = null
  #lastIndex = 0
  #limitEvents = 0

  constructor(parts: ControlLoopParts) {
    this.#parts = parts
    this.meter = new LoopMeter(parts.periodUs)
  }

  /** Ticks on which a limit held back at least one joint. */
  get limitEvents(): number {
    return this.#limitEvents
  }

  get policy(): PolicySeat | null {
    return this.#policy
  }

  start(): void {
    this.#parts.ticker.start((beat) => this.#beat(beat))
  }

  /** Called at the end of every tick, before anything else happens. */
  onTick(listener: (record: TickRecord) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** Puts a policy on its seat, or clears it. A policy that drives and is taken away ends in a hold. */
  setPolicy(policy: PolicySeat | null): void {
    if (policy?.source === this.#policy?.source) return
    if (this.#isPolicyRunning) this.#policy?.source.stop()
    this.#isPolicyRunning = false
    this.#policy = policy
  }

  /** Asks for a command on the next tick; resolves with the mode it led to or why it was refused. */
  command(kind: CommandKind): Promise<Result<Mode>> {
    if (this.#isEnded) return Promise.resolve(fail('control/not-connected', 'The loop has ended'))
    const id = this.#nextCommand++
    if (kind === 'takeOver' && this.#isPolicyRunning) this.meter.takeOverAsked(this.#parts.clock())
    this.#commands.push({ id, command: { kind } })
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  /**
   * Cuts torque at once, without waiting for a tick; from this call on no goal passes.
   * @returns `arm/torque-failed` or `bus/closed` when an arm may still be powered: its power switch is what is left
   */
  async eStop(): Promise<Result<Mode>> {
    const { follower, leader } = this.#parts
    const cuts = [follower.torque.cut()]
    if (leader?.isConnected) cuts.push(leader.torque.cut())
    const mode = this.command('eStop')
    const [cut, ...others] = await Promise.all(cuts)
    for (const result of [cut, ...others]) if (result && !result.ok) return result
    return mode
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
    this.#parts.ticker[Symbol.dispose]()
    this.setPolicy(null)
    const ended = fail('control/not-connected', 'The loop has ended')
    for (const resolve of this.#waiting.values()) resolve(ended)
    this.#waiting.clear()
    this.#listeners.clear()
  }

  #beat(beat: TickerBeat): void {
    if (this.#isEnded) return
    if (this.#isBusy) {
      this.meter.overrun(1)
      this.#lastIndex = beat.index
      this.#hurry?.()
      return
    }
    this.meter.overrun(Math.max(0, beat.index - this.#lastIndex - 1))
    this.#lastIndex = beat.index
    void this.#tick(beat)
  }

  async #tick(beat: TickerBeat): Promise<void> {
    const { clock, periodUs, follower, leader } = this.#parts
    this.#isBusy = true
    const beganUs = clock()
    const latenessUs = Math.max(0, beganUs - beat.deadlineUs)
    this.meter.tick(beganUs, latenessUs)
    const usualUs = readPeriods * periodUs
    const overdue = Promise.withResolvers<void>()
    this.#hurry = overdue.resolve
    const due = this.#parts.callAt(beganUs + periodUs - marginUs, overdue.resolve)
    await Promise.race([
      Promise.all([follower.read(beganUs, usualUs), leader?.read(beganUs, usualUs)]),
      overdue.promise,
    ])
    due[Symbol.dispose]()
    this.#hurry = null
    try {
      if (!this.#isEnded) this.#act(beat.index, beganUs, latenessUs)
    } finally {
      this.#isBusy = false
    }
  }

  #act(tick: number, beganUs: number, latenessUs: number): void {
    const { core, follower, leader, monitor } = this.#parts
    const nowUs = this.#parts.clock()
    const output = core.step(this.#input(nowUs))
    const present = follower.reading?.joints.map((joint) => joint.position) ?? null
    const violations = monitor.watch({
      timeUs: nowUs,
      mode: output.mode,
      floatGoal: output.followerGoal,
      present,
    })
    const worst = violations[0]
    if (worst) {
      core.fault({
        code: 'control/limit-violation',
        message: 'A goal outside the limits was not sent',
        data: { ...worst },
      })
    }
    const sent = !worst && output.followerGoal !== null && this.#send(follower, output.followerGoal)
    const leaderSent =
      !worst && output.leaderGoal !== null && leader !== null && this.#send(leader, output.leaderGoal)
    if (worst || output.followerGoal === null) follower.withdraw()
    if (worst || output.leaderGoal === null) leader?.withdraw()
    follower.torque.obey(output.followerTorque)
    leader?.torque.obey(output.leaderTorque)
    this.#runPolicy(output, nowUs)
    if (output.limitedJoints.length > 0) this.#limitEvents += 1
    if (sent && output.source === 'human' && leader?.reading)
      this.meter.leaderToGoal(nowUs - leader.reading.timeUs)
    this.meter.acted(nowUs, output.source === 'policy')
    this.#tell({
      tick,
      timeUs: beganUs,
      latenessUs,
      mode: worst ? core.mode : output.mode,
      source: worst ? 'hold' : output.source,
      follower: follower.reading,
      leader: leader?.reading ?? null,
      requested: output.requested,
      sent: sent ? output.followerGoal : null,
      isIntervention: output.isIntervention,
      goalUs: nowUs,
      leaderSent: leaderSent ? output.leaderGoal : null,
      limitedJoints: output.limitedJoints,
    })
    this.#reply(output)
  }

  #input(nowUs: number): ControlInput {
    const { follower, leader, lease } = this.#parts
    const commands = this.#commands
    this.#commands = []
    return {
      nowUs,
      follower: follower.link(nowUs),
      leader: leader?.link(nowUs) ?? null,
      followerTorque: follower.torque.report,
      leaderTorque: leader?.torque.report ?? { state: 'unknown', request: 0, fault: null },
      policy: this.#policyInput(nowUs),
      lease: lease(nowUs),
      commands,
    }
  }

  #policyInput(nowUs: number): PolicyInput | null {
    const seat = this.#policy
    if (!seat) return null
    const pose = this.#parts.follower.reading?.joints.map((joint) => joint.position)
    return {
      name: seat.name,
      blockers: pose ? seat.source.blockers(pose) : notRead,
      sample: this.#isPolicyRunning ? sampled(seat.source, nowUs) : null,
    }
  }

  #runPolicy(output: ControlOutput, nowUs: number): void {
    const source = this.#policy?.source
    const pose = this.#parts.follower.reading?.joints.map((joint) => joint.position)
    if (!source || !pose) return
    const commanded = output.followerGoal ?? pose
    if (output.policy === 'start') source.start(nowUs, commanded)
    if (output.policy === 'stop') source.stop()
    if (output.policy) this.#isPolicyRunning = output.policy === 'start'
    source.observe(nowUs, pose, commanded)
  }

  #send(seat: ArmSeat, goal: JointVector): boolean {
    const result = seat.send(goal)
    if (result.ok) return true
    // A cut between step and here is the interlock at work; anything else is a goal that the bus refuses.
    if (result.error.code === 'bus/out-of-range') this.#parts.core.fault(result.error)
    return false
  }

  #tell(record: TickRecord): void {
    for (const listener of this.#listeners) listener(record)
  }

  #reply(output: ControlOutput): void {
    for (const { id, result } of output.replies) {
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
    }
  }
}

const notRead: readonly Fault[] = [
  { code: 'control/not-connected', message: 'The follower has not been read yet' },
]

/** A policy that breaks ends in a hold, like one that fails. */
function sampled(source: ActionSource, nowUs: number): Result<JointVector> {
  try {
    return source.sample(nowUs)
  } catch (error) {
    return fail('contract/internal', `The policy broke: ${String(error)}`)
  }
}
