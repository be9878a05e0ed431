/**
 * The independent monitor of DESIGN §4: watches every goal and proves the limits from outside. It shares no code with the
 * limiter, the limit sets or the mode machine: its own table, its own arithmetic. Float set-points are checked exactly.
 */
import type { Mode } from './mode.ts'
import { WireMonitor, type WireJoint } from './monitor-wire.ts'

export interface MonitorJoint {
  readonly name: string
  readonly lower: number
  readonly upper: number
  readonly radPerUnit: number
}

/** One tick as the monitor sees it. Goals are null when nothing was sent. */
export interface MonitorSample {
  readonly timeUs: number
  readonly mode: Mode
  readonly floatGoal: readonly number[] | null
  /** Goal_Position as on the wire, servo ticks, where known. */
  readonly wireGoalTicks?: readonly number[] | null
  /** Measured pose, checked against the first goal after torque came on. */
  readonly present?: readonly number[] | null
}

export type MonitorRule =
  | 'sent-without-torque'
  | 'not-finite'
  | 'position'
  | 'velocity'
  | 'acceleration'
  | 'first-goal'
  | 'wire-position'
  | 'wire-velocity'
  | 'wire-acceleration'

export interface Violation {
  readonly timeUs: number
  readonly mode: Mode
  readonly rule: MonitorRule
  readonly joint: string
  readonly value: number
  readonly limit: number
}

interface Bound {
  readonly radS: number
  readonly radS2: number
}

/** The limits as DESIGN §4 writes them. Modes that are absent may send nothing. */
const bounds: Readonly<Partial<Record<Mode, Bound>>> = {
  holding: { radS: 0.5, radS2: 2 },
  matching: { radS: 0.5, radS2: 2 },
  blend: { radS: 0.5, radS2: 2 },
  teleop: { radS: 3.5, radS2: 25 },
  policy: { radS: 1.5, radS2: 10 },
  slowStop: { radS: 0.5, radS2: 10 },
}

export interface MonitorOptions {
  readonly joints: readonly MonitorJoint[]
  readonly periodUs: number
  /** Present to check wire goals too. */
  readonly wire?: readonly WireJoint[]
  /** How far the first goal may be from the measured pose, radians: a joint pressed outside its range starts at the end of it. */
  readonly firstGoalRad?: number
}

const relative = 1e-6
const absolute = 1e-9
const keptViolations = 100

interface Last {
  readonly timeUs: number
  readonly goal: readonly number[]
  readonly speed: readonly number[]
}

export class Monitor {
  readonly #options: MonitorOptions
  readonly #wire: WireMonitor | null
  readonly #kept: Violation[] = []
  #last: Last | null = null
  #mode: Mode = 'idle'
  #entrySpeed: readonly number[] = []
  #count = 0

  constructor(options: MonitorOptions) {
    this.#options = options
    this.#wire = options.wire ? new WireMonitor(options.wire) : null
  }

  /** All violations so far; the first hundred are kept. */
  get count(): number {
    return this.#count
  }

  get violations(): readonly Violation[] {
    return this.#kept
  }

  /** Checks one tick and remembers it; returns what it violates. */
  watch(sample: MonitorSample): readonly Violation[] {
    const found: Violation[] = []
    const bound = bounds[sample.mode]
    if (sample.mode !== this.#mode) {
      this.#mode = sample.mode
      this.#entrySpeed = this.#last?.speed ?? []
    }
    const wireGoal = sample.wireGoalTicks ?? null
    if (!bound) {
      if (sample.floatGoal || wireGoal) found.push(this.#violation(sample, 'sent-without-torque', 0, 1, 0))
      this.#last = null
      this.#wire?.reset()
    } else {
      if (sample.floatGoal) this.#last = this.#checkGoal(sample, sample.floatGoal, bound, found)
      else this.#last = null
      if (wireGoal) this.#checkWire(sample, wireGoal, bound, found)
      else if (!sample.floatGoal) this.#wire?.reset()
    }
    this.#count += found.length
    this.#kept.push(...found.slice(0, keptViolations - this.#kept.length))
    return found
  }

  #checkGoal(sample: MonitorSample, goal: readonly number[], bound: Bound, found: Violation[]): Last | null {
    const { joints, periodUs } = this.#options
    const last = this.#last
    const speed: number[] = []
    const elapsedUs = last ? sample.timeUs - last.timeUs : 0
    // After a silence of more than three periods the set-point stood still, and may only start from rest.
    const isLong = elapsedUs > 3 * periodUs
    const dt = (isLong ? periodUs : elapsedUs) / 1e6
    for (const [index, joint] of joints.entries()) {
      const at = goal[index] ?? Number.NaN
      if (!Number.isFinite(at)) {
        found.push(this.#violation(sample, 'not-finite', index, at, 0))
        return null
      }
      const over = Math.max(joint.lower - at, at - joint.upper)
      if (over > absolute)
        found.push(
          this.#violation(sample, 'position', index, at, at < joint.lower ? joint.lower : joint.upper),
        )
      if (!last) {
        speed.push(0)
        this.#checkFirst(sample, index, at, found)
        continue
      }
      const step = (at - (last.goal[index] ?? at)) * joint.radPerUnit
      const before = isLong ? 0 : (last.speed[index] ?? 0)
      const now = dt > 0 ? step / dt : 0
      if (dt <= 0 && Math.abs(step) > absolute)
        found.push(this.#violation(sample, 'velocity', index, Number.POSITIVE_INFINITY, 0))
      speed.push(dt > 0 ? now : before)
      if (dt <= 0) continue
      const allowed = this.#allowedSpeed(sample.mode, bound, index)
      // A position is a rounded number: its last digit divided by dt is what a speed cannot know.
      const blur = (absolute + Math.abs(at) * 1e-14) / dt
      if (Math.abs(now) > allowed * (1 + relative) + blur)
        found.push(this.#violation(sample, 'velocity', index, now, allowed))
      const change = Math.abs(now - before)
      if (change > bound.radS2 * dt * (1 + relative) + 2 * blur) {
        found.push(this.#violation(sample, 'acceleration', index, change / dt, bound.radS2))
      }
    }
    return { timeUs: sample.timeUs, goal, speed }
  }

  #allowedSpeed(mode: Mode, bound: Bound, index: number): number {
    return mode === 'slowStop' ? Math.max(bound.radS, Math.abs(this.#entrySpeed[index] ?? 0)) : bound.radS
  }

  #checkFirst(sample: MonitorSample, index: number, at: number, found: Violation[]): void {
    const present = sample.present?.[index]
    const joint = this.#options.joints[index]
    if (present === undefined || !joint) return
    const allowed = this.#options.firstGoalRad ?? 0.055
    const away = Math.abs(at - present) * joint.radPerUnit
    if (away > allowed) found.push(this.#violation(sample, 'first-goal', index, away, allowed))
  }

  #checkWire(sample: MonitorSample, ticks: readonly number[], bound: Bound, found: Violation[]): void {
    const allowed = this.#options.joints.map((_, index) => this.#allowedSpeed(sample.mode, bound, index))
    for (const { rule, joint, value, limit } of this.#wire?.watch(
      sample.timeUs,
      ticks,
      allowed,
      bound.radS2,
    ) ?? []) {
      found.push(this.#violation(sample, rule, joint, value, limit))
    }
  }

  #violation(
    sample: MonitorSample,
    rule: MonitorRule,
    index: number,
    value: number,
    limit: number,
  ): Violation {
    const joint = this.#options.joints[index]?.name ?? String(index)
    return { timeUs: sample.timeUs, mode: sample.mode, rule, joint, value, limit }
  }
}
