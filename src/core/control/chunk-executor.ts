/**
 * Runs a policy as an action source: asks for the next chunk while the present one runs, follows chunks on a clock that
 * counts only what was really executed, and joins them without a step. It never invents a pose: a chunk that is used up,
 * not finite, out of range, or a host that is gone, is a failure, and stays one until the arm is given again.
 */
import type { JointSpec, JointVector } from '../arm/arm-profile.ts'
import { fail, ok } from '../result.ts'
import type { Fault, Result } from '../result.ts'
import type { ActionSource } from './action-source.ts'
import { checkChunk, firstGap, tooSlow } from './chunk-check.ts'
import { ChunkCourse } from './chunk-course.ts'
import { leftOverOf } from './chunk-left-over.ts'
import { planAhead, planFromNow } from './chunk-plan.ts'
import type { ChunkPlan } from './chunk-plan.ts'
import { readyLimitUs } from './chunk-patience.ts'
import { ChunkRequests } from './chunk-requests.ts'
import type { ChunkAnswer, ChunkRequestCounts } from './chunk-requests.ts'
import { ChunkTrajectory } from './chunk-trajectory.ts'
import type { CurvePoint } from './chunk-trajectory.ts'
import type { ActionChunk, ChunkOrigin, ChunkRequester } from './chunk.ts'
import { defaultExecutorSettings } from './executor-settings.ts'
import type { ExecutorMode, ExecutorSettings } from './executor-settings.ts'
import { TrackingError } from './tracking-error.ts'

export interface ChunkExecutorOptions {
  readonly joints: readonly JointSpec[]
  /** Share of a chunk that is followed before the next one is asked for. */
  readonly replanFraction: number
  /** Window in which a join's gap decays. */
  readonly joinUs: number
  /** Pause between chunks asked for while another source drives, so that the policy is ready to take over. */
  readonly probeIntervalUs: number
  /** A ready chunk older than this does not count as ready; a slow policy's may be older. */
  readonly readyForUs: number
  /** Largest distance of the first step from the present pose at which the arm may be given. */
  readonly firstGapRad: number
  /** A request without an answer for so long is given up and made again; a slow policy has longer. */
  readonly requestTimeoutUs: number
  /** Told of every chunk that is followed, once. */
  readonly onFollow?: (observedUs: number, origin: ChunkOrigin) => void
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
  readonly mode: ExecutorMode
  /** Share of the chunks since the arm was given that followed the running one; null before the first. */
  readonly guidedShare: number | null
  readonly trackingRad: number | null
  /** Of the newest chunk, milliseconds by stage. */
  readonly stagesMs: Readonly<Record<string, number>>
}

/** A chunk that arrived while another source drove. */
interface Ready {
  readonly chunk: ActionChunk
  readonly observedUs: number
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
  'policy/host-down',
])

/** Without a reason of the policy's own: it is late. */
const usedUp: Fault = {
  code: 'policy/used-up',
  message: 'the chunk is used up and the next has not arrived',
}

export class ChunkExecutor implements ActionSource {
  private readonly requests: ChunkRequests
  private readonly options: ChunkExecutorOptions
  private readonly course: ChunkCourse
  private readonly tracking: TrackingError
  private readonly counts = { chunks: 0, late: 0, failures: 0 }
  private settings: ExecutorSettings = defaultExecutorSettings
  private jumps = { last: 0, largest: 0 }
  private joined = { chunks: 0, guided: 0 }
  private nowUs = 0
  /** Executed time: stands still while another source drives, and while the arm waits for the next chunk. */
  private clockUs = 0
  private waitingSinceUs: number | null = null
  private isRunning = false
  private ready: Ready | null = null
  private newest: ActionChunk | null = null
  private failure: Fault | null = null
  /** Why the newest answer is no chunk; null once one came. */
  private missing: Fault | null = null
  private seen: Seen | null = null

  constructor(requester: ChunkRequester, options: ChunkExecutorOptions) {
    this.requests = new ChunkRequests(requester, options.requestTimeoutUs)
    this.options = options
    this.course = new ChunkCourse(options.joinUs)
    this.tracking = new TrackingError(options.joints)
  }

  /** Takes effect at once, without a step of the arm. */
  configure(settings: ExecutorSettings): void {
    this.settings = settings
    this.course.weigh(settings.mode === 'ensemble' ? settings.ensembleDecay : null, this.clockUs)
    this.waitingSinceUs = null
  }

  blockers(presentPose: JointVector): readonly Fault[] {
    const faults = this.requests.faults()
    if (faults.length > 0) return faults
    if (this.failure !== null) return [this.failure]
    const { ready } = this
    const { latency } = this.requests
    if (ready === null || this.nowUs - ready.observedUs > readyLimitUs(latency, this.options.readyForUs)) {
      return [this.missing ?? { code: 'policy/not-ready', message: 'the first chunk has not arrived yet' }]
    }
    const slow = tooSlow(latency.quantileUs(0.5), ready.chunk, this.settings.mode)
    if (slow !== null) return [slow]
    const { joint, gapRad } = firstGap(ready.chunk, presentPose, this.options.joints)
    const limitRad = this.options.firstGapRad
    if (gapRad <= limitRad) return []
    const message = `the policy would begin ${gapRad.toFixed(2)} rad away at ${joint}`
    return [{ code: 'policy/first-action-far', message, data: { joint, gapRad, limitRad } }]
  }

  start(nowUs: number, commandedPose: JointVector): void {
    this.nowUs = nowUs
    this.clockUs = 0
    this.waitingSinceUs = null
    this.isRunning = true
    this.failure = null
    this.jumps = { last: 0, largest: 0 }
    this.joined = { chunks: 0, guided: 0 }
    this.tracking.reset()
    this.course.clear()
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
      this.failure = this.missing ?? usedUp
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
    const wanted = this.isRunning ? this.output() : null
    if (wanted !== null) this.tracking.add(nowUs, wanted.position, position)
    if (!this.isRequestDue()) return
    const isGuided = this.isRunning && this.settings.mode === 'rtc'
    const latencyUs = this.requests.latency.quantileUs(0.95)
    const leftOver = isGuided ? leftOverOf(this.course, this.clockUs, latencyUs, this.settings) : null
    this.requests.ask(nowUs, this.clockUs, position, commandedPose, leftOver)
  }

  stop(): void {
    this.isRunning = false
    this.course.clear()
    this.waitingSinceUs = null
    this.ready = null
    this.newest = null
    this.failure = null
    this.missing = null
    this.requests.drop()
  }

  stats(): ChunkExecutorStats {
    const { newest } = this.course
    const { chunks, guided } = this.joined
    return {
      ...this.requests.counts(),
      ...this.counts,
      delayP50Us: this.requests.latency.quantileUs(0.5),
      delayP95Us: this.requests.latency.quantileUs(0.95),
      lastJump: this.jumps.last,
      largestJump: this.jumps.largest,
      stalenessUs: newest === null ? null : this.nowUs - newest.observedUs,
      remainingUs: newest === null ? null : this.course.remainingUs(this.clockUs),
      mode: this.settings.mode,
      guidedShare: chunks === 0 ? null : guided / chunks,
      trackingRad: this.tracking.rmsRad,
      stagesMs: this.newest?.origin?.stagesMs ?? {},
    }
  }

  /** What is about to be executed; before the arm is given, what would be. Null where nothing is known. */
  plan(): ChunkPlan | null {
    if (this.isRunning) return planAhead(this.course, this.nowUs, this.clockUs)
    return this.ready === null ? null : planFromNow(this.ready.chunk, this.nowUs)
  }

  [Symbol.dispose](): void {
    this.stop()
    this.requests[Symbol.dispose]()
  }

  private advance(nowUs: number): void {
    if (this.isRunning) this.execute(Math.min(Math.max(nowUs - this.nowUs, 0), longestTickUs))
    this.nowUs = Math.max(nowUs, this.nowUs)
    for (const answer of this.requests.collect(this.nowUs)) this.take(answer)
    this.course.expire(this.clockUs)
    this.judgeWaiting()
    const [fault] = this.requests.faults()
    if (fault === undefined) return
    this.ready = null
    if (this.isRunning) this.failure ??= fault
  }

  /** Executed time goes on, but with `sync` not past the rows that are to be executed. */
  private execute(elapsedUs: number): void {
    const { newest } = this.course
    const next = this.clockUs + elapsedUs
    const isSync = this.settings.mode === 'sync' && newest !== null
    const endUs = isSync ? newest.originUs + this.syncUs(newest.trajectory) : Number.POSITIVE_INFINITY
    this.clockUs = Math.max(this.clockUs, Math.min(next, endUs))
    if (next > endUs) this.waitingSinceUs ??= this.nowUs
    else if (next < endUs) this.waitingSinceUs = null
  }

  private syncUs({ stepUs, durationUs }: ChunkTrajectory): number {
    const { syncRows } = this.settings
    return syncRows === null ? durationUs : Math.min(durationUs, syncRows * stepUs)
  }

  /** The arm holds between two chunks of `sync`, but not for ever. */
  private judgeWaiting(): void {
    const { waitingSinceUs } = this
    if (!this.isRunning || waitingSinceUs === null || this.failure !== null) return
    if (this.nowUs - waitingSinceUs <= this.requests.limitUs) return
    this.failure = this.missing ?? usedUp
  }

  private take(answer: ChunkAnswer): void {
    const checked = answer.result.ok ? checkChunk(answer.result.value, this.options.joints) : answer.result
    if (!checked.ok) {
      this.counts.failures++
      this.ready = null
      this.missing = checked.error
      if (lasting.has(checked.error.code)) this.failure ??= checked.error
      return
    }
    this.counts.chunks++
    this.missing = null
    const chunk = checked.value
    const { observedUs } = answer
    if (!this.isRunning) {
      this.ready = { chunk, observedUs }
      this.newest = chunk
      this.failure = null
      return
    }
    const present = this.output()
    const durationUs = (chunk.steps.length - 1) * chunk.stepUs
    if (this.clockUs - answer.clockUs > durationUs) this.counts.late++
    else if (present !== null) this.follow({ chunk, observedUs }, answer.clockUs, present, false)
  }

  private follow(
    { chunk, observedUs }: Ready,
    originUs: number,
    present: CurvePoint,
    isFirst: boolean,
  ): void {
    const trajectory = new ChunkTrajectory(chunk)
    const jump = this.course.follow(
      { chunk, trajectory, observedUs, originUs, isFirst },
      present,
      this.clockUs,
    )
    this.jumps = { last: jump, largest: Math.max(this.jumps.largest, jump) }
    const isGuided = chunk.origin?.isGuided === true
    this.joined = { chunks: this.joined.chunks + 1, guided: this.joined.guided + (isGuided ? 1 : 0) }
    this.newest = chunk
    this.waitingSinceUs = null
    if (chunk.origin !== undefined) this.options.onFollow?.(observedUs, chunk.origin)
  }

  /** Where the policy wants the arm now, or null past the chunk's end. */
  private output(): CurvePoint | null {
    const point = this.course.at(this.clockUs)
    if (point === null || this.waitingSinceUs === null) return point
    return { position: point.position, velocity: point.velocity.map(() => 0) }
  }

  private isRequestDue(): boolean {
    const idleUs = this.requests.idleUs(this.nowUs)
    if (idleUs === null) return false
    if (!this.isRunning) return idleUs >= this.options.probeIntervalUs
    const { newest } = this.course
    if (newest === null || this.failure !== null || idleUs < retryUs) return false
    const { durationUs, stepUs } = newest.trajectory
    const followedUs = this.clockUs - newest.originUs
    if (this.settings.mode === 'sync') return this.waitingSinceUs !== null
    if (newest.isFirst || this.settings.mode === 'ensemble') return true
    const leadUs = 1.5 * (this.requests.latency.quantileUs(0.95) ?? 100_000) + 2 * stepUs
    return (
      followedUs >= this.options.replanFraction * durationUs ||
      this.course.remainingUs(this.clockUs) <= leadUs
    )
  }
}
