/**
 * The control core: one call of `step` is one tick. It decides the mode, whose pose counts, what is limited and sent, and
 * what torque should be. Invariants: nothing is sent in idle, fault or eStop or before torque is confirmed; safety goes
 * before commands, an e-stop before everything; a request that is not a pose in range becomes a hold with its cause.
 */
import type { JointVector } from '../arm/arm-profile.ts'
import type { Fault, Result } from '../result.ts'
import type { LimitedGoal } from './arm-limiter.ts'
import { checkGuard, type GuardFacts } from './core-guards.ts'
import { resolveControlOptions, type ControlOptions, type ResolvedControlOptions } from './core-options.ts'
import type {
  CommandReply,
  ControlInput,
  ControlOutput,
  ControlView,
  PendingCommand,
  TorqueWish,
} from './core-types.ts'
import { blockersBy, secondsLeft } from './core-view.ts'
import { FollowerMotion } from './follower-motion.ts'
import { LeaderDuty } from './leader-duty.ts'
import { gapsBetween, reachable, type Gaps } from './matching.ts'
import { inUrgency, resolveCommand } from './mode-commands.ts'
import type { CommandKind, ModeEvent } from './mode-events.ts'
import { initialMachineState, transition, type MachineContext, type MachineState } from './mode-machine.ts'
import { sourceOf, type Mode } from './mode.ts'
import { PolicyTurn } from './policy-turn.ts'
import { StallLog } from './stall-log.ts'
import { leaderTrouble, poseOf } from './watch-link.ts'
import { clearsWithTorque } from './watch-servo.ts'
import { isDriving, sendsGoals, type Reaction } from './watch-types.ts'
import { Watchdog } from './watchdog.ts'

interface Moved {
  readonly limited: LimitedGoal
  readonly requested: JointVector | null
}

const noWish: TorqueWish = { wanted: 'asIs', request: 0, cap: null }
const causeOf: Readonly<Partial<Record<CommandKind, Fault>>> = {
  stop: { code: 'control/stop-asked', message: 'A person asked to stop' },
  hold: { code: 'control/hold-asked', message: 'A person asked to hold' },
  eStop: { code: 'control/e-stop-asked', message: 'A person cut the torque' },
}
/** A pose counts as reached within this, radians of servo travel. */
const arrivedRad = 2e-3

export class ControlCore {
  readonly #options: ResolvedControlOptions
  readonly #motion: FollowerMotion
  readonly #duty: LeaderDuty | null
  readonly #watchdog: Watchdog
  readonly #turn = new PolicyTurn()
  readonly #stalls: StallLog
  #state: MachineState
  #sinceUs = 0
  #causes: readonly Fault[] = []
  #driver: 'human' | 'policy' | null = null
  #isParking = false
  #isWaking = false
  #isCorrecting = false
  #isLinkLost = false
  #parkPose: JointVector | null = null
  #torque: TorqueWish = noWish
  #seen: ReadonlySet<string> = new Set()
  #input: ControlInput | null = null

  constructor(options: ControlOptions) {
    this.#options = resolveControlOptions(options)
    const { follower, leader, limitSets, periodUs, leaderMovedRad, isLeaderActuated, isLeaderHeld } =
      this.#options
    this.#motion = new FollowerMotion(follower, limitSets, periodUs)
    this.#duty = leader
      ? new LeaderDuty(leader, limitSets, periodUs, leaderMovedRad, isLeaderActuated, isLeaderHeld)
      : null
    this.#stalls = new StallLog(periodUs)
    this.#watchdog = new Watchdog(() => this.#isFollowingLeader, this.#options.watchLimits)
    this.#state = initialMachineState
    if (this.#options.startHolding) {
      this.#state = { mode: 'holding', after: null }
      this.#causes = [{ code: 'control/held-since', message: 'A former session left the arm holding' }]
    }
  }

  get mode(): Mode {
    return this.#state.mode
  }

  /** One tick: what happened since the last one goes in, what must happen now comes out. */
  step(input: ControlInput): ControlOutput {
    this.#input = input
    this.#stalls.tick(input.nowUs)
    this.#turn.beginTick()
    const commands = inUrgency(input.commands)
    const isCut = commands[0]?.command.kind === 'eStop'
    const first = isCut ? this.#obey(commands.slice(0, 1), input) : []
    const reactions = this.#watchdog.look({
      ...input,
      mode: this.mode,
      commanded: this.#motion.pose,
      heardFor: this.#heardFor,
    })
    this.#followPower(input)
    this.#advance(input)
    this.#react(reactions, input)
    const rest = this.#obey(isCut ? commands.slice(1) : commands, input)
    this.#feelLeader(input)
    const moved = this.#move(input)
    const leaderGoal = this.#mirror(input, moved?.limited.goal ?? null)
    return {
      mode: this.mode,
      source: sourceOf(this.mode),
      followerGoal: moved?.limited.goal ?? null,
      leaderGoal,
      requested: moved?.requested ?? null,
      limitedJoints: moved?.limited.limitedJoints ?? [],
      followerTorque: this.#torque,
      leaderTorque: this.#duty?.wish ?? noWish,
      policy: this.#turn.command,
      isIntervention: this.mode === 'teleop' && this.#isCorrecting,
      reactions,
      replies: [...first, ...rest],
    }
  }

  /** Why `kind` would be refused now, or null. */
  blocker(kind: CommandKind): Fault | null {
    const input = this.#input
    if (!input) return { code: 'control/not-connected', message: 'The loop has not started' }
    const result = transition(this.#state, this.#eventOf(kind, input), this.#context(input))
    return result.ok ? null : result.error
  }

  /** The state a screen shows. */
  view(): ControlView {
    const input = this.#input
    const gaps = input ? this.#gaps(input) : null
    return {
      mode: this.mode,
      source: sourceOf(this.mode),
      sinceUs: this.#sinceUs,
      after: this.#state.after,
      causes: this.#causes,
      warnings: this.#watchdog.active.map((reaction) => reaction.cause),
      speedFactor: this.#watchdog.speedFactor,
      gaps,
      secondsLeft: secondsLeft({
        mode: this.mode,
        gaps: this.#isParking ? null : gaps,
        stopLeftS: this.#motion.stopLeftS,
        handOverLeftS: this.#motion.handOverLeftS(input?.nowUs ?? 0),
        sets: this.#options.limitSets,
      }),
      driver: this.#driver,
      isPowered: this.#isPowered,
      isMirroring: this.#duty?.isOnDuty ?? false,
      policyName: input?.policy?.name ?? null,
      blockers: blockersBy((kind) => this.blocker(kind)),
    }
  }

  /** The loop found a goal outside the limits, or could not send one: nothing more goes out until a person acts. */
  fault(cause: Fault): void {
    if (this.#input) this.#apply('reactFault', this.#input, [cause])
  }

  readonly #heardFor = (timeUs: number): number => this.#stalls.heardFor(timeUs, this.#input?.nowUs ?? timeUs)

  get #isPowered(): boolean {
    return this.#motion.pose !== null
  }

  get #isFollowingLeader(): boolean {
    return this.mode === 'teleop' || (this.mode === 'matching' && !this.#isParking)
  }

  #apply(event: ModeEvent, input: ControlInput, causes: readonly Fault[] = []): Result<Mode> {
    const before = this.#state
    const result = transition(before, event, this.#context(input))
    if (!result.ok) return result
    this.#state = result.value
    const { mode } = result.value
    if (event === 'engageCold' || event === 'powerUp' || event === 'recover') this.#requestPower(before.mode)
    if (event === 'park') this.#isParking = true
    if (mode !== before.mode) this.#enter(before.mode, mode, input.nowUs)
    if (causes.length > 0) this.#causes = causes
    return { ok: true, value: mode }
  }

  #enter(from: Mode, to: Mode, nowUs: number): void {
    this.#sinceUs = nowUs
    this.#motion.enter(to)
    if (isDriving(to) || to === 'idle') this.#causes = []
    if (from === 'matching') this.#isParking = false
    if (to === 'teleop') this.#driver = 'human'
    if (to === 'policy') this.#driver = 'policy'
    this.#turn.enter(from, to, nowUs)
    if (to === 'blend') this.#duty?.begin()
    if (to === 'teleop' || to === 'matching' || to === 'idle') this.#duty?.end()
    if (to === 'blend' || to === 'idle' || to === 'eStop') this.#isCorrecting = false
    if (sendsGoals(to)) return
    this.#motion.clear()
    if (to === 'fault') this.#torque = { ...this.#torque, wanted: 'asIs' }
    else this.#torque = { wanted: 'off', request: this.#torque.request + 1, cap: null }
    if (to === 'eStop') this.#duty?.cut()
  }

  #requestPower(from: Mode): void {
    this.#motion.clear()
    this.#isWaking = from === 'idle'
    this.#isLinkLost = false
    this.#torque = { wanted: 'on', request: this.#torque.request + 1, cap: null }
  }

  /** Torque confirmed: commanding starts at the present pose. Torque failed: a fault that names the joint. */
  #followPower(input: ControlInput): void {
    const { state, request, fault } = input.followerTorque
    if (
      this.mode !== 'holding' ||
      this.#isPowered ||
      this.#torque.wanted !== 'on' ||
      request !== this.#torque.request
    )
      return
    if (fault) {
      this.#apply('powerFailed', input, [fault])
      return
    }
    const present = poseOf(input.follower)
    if (state !== 'on' || !present || input.follower.reading?.joints.some((joint) => joint.isStale)) return
    const pose = reachable(this.#options.follower, present)
    // Where it lay without torque it can be left without torque.
    if (this.#isWaking) this.#parkPose ??= pose
    this.#motion.start(pose, input.nowUs)
    this.#apply('powered', input)
  }

  #react(reactions: readonly Reaction[], input: ControlInput): void {
    const seen = new Set(reactions.map((reaction) => `${reaction.rule}.${reaction.kind}`))
    for (const { kind, rule, cause, joints } of reactions) {
      const isNew = !this.#seen.has(`${rule}.${kind}`)
      if (kind === 'fault' && sendsGoals(this.mode)) {
        this.#apply('reactFault', input, [cause])
        this.#isLinkLost = rule === 'busGone'
      } else if (kind === 'slowStop' && isDriving(this.mode)) {
        this.#apply('reactSlowStop', input, [cause])
      } else if (kind === 'slowStop' && isNew && sendsGoals(this.mode)) {
        this.#apply('reactSlowStop', input, [cause, ...this.#causes])
      }
      const measured = poseOf(input.follower)
      if (rule === 'followingError' && this.mode === 'holding' && measured)
        this.#motion.yieldTo(measured, joints)
    }
    this.#seen = seen
    if (input.leader && input.leader.connection !== 'connected') this.#duty?.forget()
  }

  /** The steps that follow by themselves. */
  #advance(input: ControlInput): void {
    const { mode } = this
    if (
      mode === 'fault' &&
      this.#isLinkLost &&
      input.follower.connection === 'connected' &&
      input.follower.reading
    ) {
      this.#apply('linkReturned', input)
    } else if (mode === 'slowStop' && this.#motion.isAtRest) {
      const { after } = this.#state
      this.#apply('atRest', input)
      if (after === 'matching')
        this.#causes = [{ code: 'control/misaligned', message: 'The leader was not aligned' }]
    } else if (mode === 'blend' && this.#motion.isHandedOver(input.nowUs)) {
      this.#apply('blended', input)
    } else if (mode === 'matching' && this.#isParking) {
      if (this.#isParked()) this.#apply('parked', input)
    } else if (mode === 'matching' && this.#worstGapRad(input) <= this.#options.alignToleranceRad) {
      this.#apply('aligned', input)
    }
  }

  #obey(commands: readonly PendingCommand[], input: ControlInput): readonly CommandReply[] {
    return commands.map(({ id, command: { kind } }) => ({ id, result: this.#command(kind, input) }))
  }

  #command(kind: CommandKind, input: ControlInput): Result<Mode> {
    const wasAutonomous = this.mode === 'policy' || this.mode === 'blend'
    const before = this.#state
    const cause = causeOf[kind]
    const result = this.#apply(this.#eventOf(kind, input), input)
    if (!result.ok) return result
    if (cause && this.#state !== before) this.#causes = [cause]
    if (kind === 'stop' || kind === 'hold') this.#motion.restAnywhere()
    if (kind === 'takeOver' && wasAutonomous) this.#takenOver(input)
    if (kind === 'engage') this.#isCorrecting = false
    return result
  }

  #takenOver(input: ControlInput): void {
    this.#isCorrecting = true
    if (this.mode !== 'slowStop') return
    if (this.#state.after === 'matching') {
      this.#duty?.end()
      this.#causes = [{ code: 'control/misaligned', message: 'The leader is not aligned: aligning first' }]
    } else {
      const cause = leaderTrouble(input.leader, this.#heardFor, this.#options.watchLimits)
      this.#causes = cause ? [cause] : []
    }
  }

  /** A hand on the leader takes over. */
  #feelLeader(input: ControlInput): void {
    if ((this.mode !== 'policy' && this.mode !== 'blend') || !input.leader) return
    if (this.#duty?.isTaken(input.leader, input.leaderTorque)) this.#command('takeOver', input)
  }

  #move(input: ControlInput): Moved | null {
    if (!sendsGoals(this.mode) || !this.#isPowered) return null
    if (this.mode === 'policy' || this.mode === 'blend') return this.#movePolicy(input, this.mode)
    return this.#moveOther(input)
  }

  #movePolicy(input: ControlInput, mode: 'policy' | 'blend'): Moved {
    const asked = this.#turn.request(input, this.#options.follower)
    if (asked.ok) {
      const limited = this.#motion.follow(mode, asked.value, this.#watchdog.speedFactor, input.nowUs)
      return { limited, requested: asked.value }
    }
    this.#apply('reactHold', input, [asked.error])
    this.#motion.restAtLastTarget()
    return this.#moveOther(input)
  }

  #moveOther(input: ControlInput): Moved {
    const { nowUs } = input
    const factor = this.#watchdog.speedFactor
    const leader = poseOf(input.leader)
    if (this.mode === 'matching' && this.#isParking && this.#parkPose) {
      return { limited: this.#motion.goTo(this.#parkPose, factor, nowUs), requested: null }
    }
    if ((this.mode === 'teleop' || this.mode === 'matching') && leader) {
      return { limited: this.#motion.follow(this.mode, leader, factor, nowUs), requested: leader }
    }
    const mode = this.mode === 'slowStop' ? 'slowStop' : 'holding'
    return { limited: this.#motion.hold(mode, nowUs), requested: null }
  }

  #mirror(input: ControlInput, followerGoal: JointVector | null): JointVector | null {
    if (!this.#duty || !input.leader || !followerGoal) return null
    return this.#duty.step(input.leader, followerGoal, input.leaderTorque, input.nowUs)
  }

  #gaps(input: ControlInput): Gaps | null {
    const { follower } = this.#options
    const leader = poseOf(input.leader)
    const pose = this.#motion.pose ?? poseOf(input.follower)
    return leader && pose ? gapsBetween(follower, reachable(follower, leader), pose) : null
  }

  #worstGapRad(input: ControlInput): number {
    return this.#gaps(input)?.worstRad ?? Number.POSITIVE_INFINITY
  }

  #isParked(): boolean {
    const { pose } = this.#motion
    const park = this.#parkPose
    if (!pose || !park || !this.#motion.isAtRest) return false
    return gapsBetween(this.#options.follower, park, pose).worstRad <= arrivedRad
  }

  #eventOf(kind: CommandKind, input: ControlInput): ModeEvent {
    const tolerance = this.#options.takeOverToleranceRad
    return resolveCommand(kind, {
      mode: this.mode,
      isPowered: this.#isPowered,
      needsRepower: this.#watchdog.active.some(({ rule, kind }) => clearsWithTorque(rule) && kind !== 'warn'),
      isLeaderReady: leaderTrouble(input.leader, this.#heardFor, this.#options.watchLimits) === null,
      isAligned: this.#worstGapRad(input) <= tolerance,
      driver: this.#driver,
    })
  }

  #context(input: ControlInput): MachineContext {
    const facts: GuardFacts = {
      input,
      reactions: this.#watchdog.active,
      isPowered: this.#isPowered,
      isParkKnown: this.#parkPose !== null,
      limits: this.#options.watchLimits,
      heardFor: this.#heardFor,
    }
    return { guard: (name) => checkGuard(name, facts), canEnter: (mode) => this.#motion.canEnter(mode) }
  }
}
