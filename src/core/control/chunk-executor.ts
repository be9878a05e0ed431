/**
 * Runs a policy as an action source: asks for the next chunk while the present one runs, follows chunks on a clock that
 * counts only what was really executed, and joins them without a step. It never invents a pose: a chunk that is used up,
 * not finite, out of range, or a host that is gone, is a failure, and stays one until the arm is given again.
 */
import type { JointSpec, JointVector } from '../arm/arm-profile.ts'
import { fail, ok } from '../result.ts'
import type { Fault, Result } from '../result.ts'
import type { ActionSource } from './action-source.ts'
import { checkChunk, firstGap } from './chunk-check.ts'
import { DecayingOffset } from './chunk-join.ts'
import { ChunkRequests } from './chunk-requests.ts'
import type { ChunkAnswer, ChunkRequestCounts } from './chunk-requests.ts'
import { ChunkTrajectory } from './chunk-trajectory.ts'
import type { CurvePoint } from './chunk-trajectory.ts'
import type { ActionChunk, ChunkRequester } from './chunk.ts'

export interface ChunkExecutorOptions {
  readonly joints: readonly JointSpec[]
  /** Share of a chunk that is followed before the next one is asked for. */
  readonly replanFraction: number
  /** Window in which a join's gap decays. */
  readonly joinUs: number
  /** Pause between chunks asked for while another source drives, so that the policy is ready to take over. */
  readonly probeIntervalUs: number
  /** A ready chunk older than this does not count as ready. */
  readonly readyForUs: number
  /** Largest distance of the first step from the present pose at which the arm may be given. */
  readonly firstGapRad: number
  /** A request without an answer for so long is given up and made again. */
  readonly requestTimeoutUs: number
}

export const defaultChunkExecutorOptions: Omit<ChunkExecutorOptions, 'joints'> = {
  replanFraction: 0.5,
  joinUs: 200_000,
  probeIntervalUs: 500_000,
  readyForUs: 2_000_000,
  firstGapRad: 0.25,
  requestTimeoutUs: 2_000_000,
}

/** What the screen shows of the executor. Times are null before anything was measured. */
export interface ChunkExecutorStats extends ChunkRequestCounts {
  readonly chunks: number
  /** Arrived after their last step had passed. */
  readonly late: number
  readonly failures: number
  /** Request to arrival. */
  readonly delayP50Us: number | null
  readonly delayP95Us: number | null
  /** Distance bridged at the last join and the largest since the arm was given, program units. */
  readonly lastJump: number
  readonly largestJump: number
  /** Age of the observation behind the action now executed. */
  readonly stalenessUs: number | null
  /** Executed time left in the chunk. */
  readonly remainingUs: number | null
}

interface Timed {
  readonly chunk: ActionChunk
  readonly trajectory: ChunkTrajectory
  readonly observedUs: number
}

interface Active extends Timed {
  /** The executed clock at the chunk's step 0. */
  readonly originUs: number
  readonly join: DecayingOffset
  readonly joinedUs: number
  /** True for the chunk the run began with, whose observation is older than the run. */
  readonly isFirst: boolean
}

interface Seen {
  readonly timeUs: number
  readonly commanded: JointVector
  readonly velocity: number[]
}

/** Longest time one tick may add to the executed clock: after a stall the policy goes on where it was. */
const longestTickUs = 20_000
/** Pause before a failed request is repeated while the policy drives. */
const retryUs = 50_000
/** Failures that a second request will not mend. */
const lasting: ReadonlySet<string> = new Set([
  'policy/not-finite',
  'policy/out-of-range',
  'policy/wrong-shape',
  'policy/contract-mismatch',
  'policy/load-failed',
  'shell/host-down',
  'contract/closed',
])

export class ChunkExecutor implements ActionSource {
  private readonly requests: ChunkRequests
  private readonly options: ChunkExecutorOptions
  private readonly counts = { chunks: 0, late: 0, failures: 0 }
  private jumps = { last: 0, largest: 0 }
  private nowUs = 0
  /** Executed time: stands still while another source drives. */
  private clockUs = 0
  private isRunning = false
  private ready: Timed | null = null
  private active: Active | null = null
  private failure: Fault | null = null
  private seen: Seen | null = null

  constructor(requester: ChunkRequester, options: ChunkExecutorOptions) {
    this.requests = new ChunkRequests(requester, options.requestTimeoutUs)
    this.options = options
  }

  blockers(presentPose: JointVector): readonly Fault[] {
    const faults = this.requests.faults()
    if (faults.length > 0) return faults
    if (this.failure !== null) return [this.failure]
    const { ready } = this
    if (ready === null || this.nowUs - ready.observedUs > this.options.readyForUs) {
      return [{ code: 'policy/not-ready', message: 'the first chunk has not arrived yet' }]
    }
    const { joint, gapRad } = firstGap(ready.chunk, presentPose, this.options.joints)
    const limitRad = this.options.firstGapRad
    if (gapRad <= limitRad) return []
    const message = `the policy would begin ${gapRad.toFixed(2)} rad away at ${joint}`
    return [{ code: 'policy/first-action-far', message, data: { joint, gapRad, limitRad } }]
  }

  start(nowUs: number, commandedPose: JointVector): void {
    this.nowUs = nowUs
    this.clockUs = 0
    this.isRunning = true
    this.failure = null
    this.jumps = { last: 0, largest: 0 }
    this.requests.drop()
    const { ready, seen } = this
    this.ready = null
    if (ready === null) {
      this.failure = {
        code: 'policy/not-ready',
        message: 'the arm was given before a first chunk had arrived',
      }
      return
    }
    const isFresh = seen !== null && nowUs - seen.timeUs <= longestTickUs
    const velocity = isFresh ? seen.velocity : commandedPose.map(() => 0)
    this.follow(ready, 0, { position: [...commandedPose], velocity }, true)
  }

  sample(nowUs: number): Result<JointVector> {
    this.advance(nowUs)
    if (!this.isRunning) return fail('policy/not-ready', 'the policy does not drive')
    if (this.failure === null) {
      const point = this.output()
      if (point !== null) return ok(point.position)
      this.failure = { code: 'policy/used-up', message: 'the chunk is used up and the next has not arrived' }
    }
    return { ok: false, error: this.failure }
  }

  observe(nowUs: number, position: JointVector, commandedPose: JointVector): void {
    this.advance(nowUs)
    const before = this.seen
    const dtS = before === null ? 0 : (nowUs - before.timeUs) / 1e6
    const rate = (value: number, joint: number): number =>
      dtS > 0 ? (value - (before?.commanded[joint] ?? value)) / dtS : 0
    this.seen = { timeUs: nowUs, commanded: commandedPose, velocity: commandedPose.map(rate) }
    if (this.isRequestDue()) this.requests.ask(nowUs, this.clockUs, position, commandedPose)
  }

  stop(): void {
    this.isRunning = false
    this.active = null
    this.ready = null
    this.failure = null
    this.requests.drop()
  }

  stats(): ChunkExecutorStats {
    const { active } = this
    return {
      ...this.requests.counts(),
      ...this.counts,
      delayP50Us: this.requests.latency.quantileUs(0.5),
      delayP95Us: this.requests.latency.quantileUs(0.95),
      lastJump: this.jumps.last,
      largestJump: this.jumps.largest,
      stalenessUs: active === null ? null : this.nowUs - active.observedUs,
      remainingUs: active === null ? null : this.remainingUs(active),
    }
  }

  [Symbol.dispose](): void {
    this.stop()
    this.requests[Symbol.dispose]()
  }

  private advance(nowUs: number): void {
    if (this.isRunning) this.clockUs += Math.min(Math.max(nowUs - this.nowUs, 0), longestTickUs)
    this.nowUs = Math.max(nowUs, this.nowUs)
    for (const answer of this.requests.collect(this.nowUs)) this.take(answer)
    const [fault] = this.requests.faults()
    if (fault === undefined) return
    this.ready = null
    if (this.isRunning) this.failure ??= fault
  }

  private take(answer: ChunkAnswer): void {
    const checked = answer.result.ok ? checkChunk(answer.result.value, this.options.joints) : answer.result
    if (!checked.ok) {
      this.counts.failures++
      this.ready = null
      if (lasting.has(checked.error.code)) this.failure ??= checked.error
      return
    }
    this.counts.chunks++
    const chunk = checked.value
    const timed: Timed = { chunk, trajectory: new ChunkTrajectory(chunk), observedUs: answer.observedUs }
    if (!this.isRunning) {
      this.ready = timed
      this.failure = null
      return
    }
    const present = this.output()
    if (this.clockUs - answer.clockUs > timed.trajectory.durationUs) this.counts.late++
    else if (present !== null) this.follow(timed, answer.clockUs, present, false)
  }

  private follow(next: Timed, originUs: number, present: CurvePoint, isFirst: boolean): void {
    const join = new DecayingOffset(present, next.trajectory.at(this.clockUs - originUs), this.options.joinUs)
    this.jumps = { last: join.jump, largest: Math.max(this.jumps.largest, join.jump) }
    this.active = { ...next, originUs, join, joinedUs: this.clockUs, isFirst }
  }

  /** Where the policy wants the arm now, or null past the chunk's end. */
  private output(): CurvePoint | null {
    const { active } = this
    if (active === null || this.remainingUs(active) < 0) return null
    const point = active.trajectory.at(this.clockUs - active.originUs)
    return active.join.apply(point, this.clockUs - active.joinedUs)
  }

  private remainingUs(active: Active): number {
    return active.originUs + active.trajectory.durationUs - this.clockUs
  }

  private isRequestDue(): boolean {
    const idleUs = this.requests.idleUs(this.nowUs)
    if (idleUs === null) return false
    if (!this.isRunning) return idleUs >= this.options.probeIntervalUs
    const { active } = this
    if (active === null || this.failure !== null || idleUs < retryUs) return false
    const { durationUs, stepUs } = active.trajectory
    const followedUs = this.clockUs - active.originUs
    const leadUs = 1.5 * (this.requests.latency.quantileUs(0.95) ?? 100_000) + 2 * stepUs
    const isDue = followedUs >= this.options.replanFraction * durationUs || this.remainingUs(active) <= leadUs
    return active.isFirst || isDue
  }
}
