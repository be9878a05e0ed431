/**
 * The monitor's view of the wire, where positions are whole servo ticks: position exactly, velocity over 50 ms windows,
 * acceleration within ± 2 ticks per dt² (what rounding to a tick can add to a second difference). Speed may change by the limit
 * times the second interval; or, where goals in between were not sent because the line was busy, times the distance between the
 * middles of both, to which mean speeds belong.
 */

/** One servo as the wire knows it. */
export interface WireJoint {
  readonly minTicks: number
  readonly maxTicks: number
  readonly ticksPerRad: number
}

interface Finding {
  readonly rule: 'wire-position' | 'wire-velocity' | 'wire-acceleration'
  readonly joint: number
  readonly value: number
  readonly limit: number
}

interface Entry {
  readonly timeUs: number
  readonly ticks: readonly number[]
  /** Allowed speed per joint, rad/s. */
  readonly allowed: readonly number[]
}

const windowUs = 50_000
/** A pause longer than this breaks the chain: what moved meanwhile was not commanded. */
const pauseUs = 15_000

export class WireMonitor {
  readonly #joints: readonly WireJoint[]
  #past: Entry[] = []

  constructor(joints: readonly WireJoint[]) {
    this.#joints = joints
  }

  reset(): void {
    this.#past = []
  }

  watch(
    timeUs: number,
    ticks: readonly number[],
    allowed: readonly number[],
    radS2: number,
  ): readonly Finding[] {
    const last = this.#past.at(-1)
    if (last && (timeUs - last.timeUs > pauseUs || timeUs <= last.timeUs)) this.reset()
    this.#past.push({ timeUs, ticks, allowed })
    while (this.#past.length > 2 && timeUs - (this.#past[1]?.timeUs ?? timeUs) >= windowUs) this.#past.shift()
    return this.#joints.flatMap((joint, index) => [
      ...this.#position(joint, index),
      ...this.#velocity(joint, index),
      ...this.#acceleration(joint, index, radS2),
    ])
  }

  #at(back: number, index: number): number | undefined {
    return this.#past.at(-1 - back)?.ticks[index]
  }

  #position(joint: WireJoint, index: number): readonly Finding[] {
    const value = this.#at(0, index) ?? Number.NaN
    if (Number.isInteger(value) && value >= joint.minTicks && value <= joint.maxTicks) return []
    return [
      {
        rule: 'wire-position',
        joint: index,
        value,
        limit: value < joint.minTicks ? joint.minTicks : joint.maxTicks,
      },
    ]
  }

  #velocity(joint: WireJoint, index: number): readonly Finding[] {
    const first = this.#past[0]
    const last = this.#past.at(-1)
    if (!first || !last || last.timeUs - first.timeUs < windowUs) return []
    const seconds = (last.timeUs - first.timeUs) / 1e6
    const moved = Math.abs((last.ticks[index] ?? 0) - (first.ticks[index] ?? 0))
    const fastest = Math.max(...this.#past.map((entry) => entry.allowed[index] ?? 0))
    const limit = fastest * joint.ticksPerRad * seconds + 1
    return moved <= limit + 1e-6
      ? []
      : [{ rule: 'wire-velocity', joint: index, value: moved / seconds, limit: limit / seconds }]
  }

  #acceleration(joint: WireJoint, index: number, radS2: number): readonly Finding[] {
    const [a, b, c] = [this.#past.at(-3), this.#past.at(-2), this.#past.at(-1)]
    if (!a || !b || !c) return []
    const [first, second] = [(b.timeUs - a.timeUs) / 1e6, (c.timeUs - b.timeUs) / 1e6]
    const before = ((b.ticks[index] ?? 0) - (a.ticks[index] ?? 0)) / first
    const now = ((c.ticks[index] ?? 0) - (b.ticks[index] ?? 0)) / second
    const apart = Math.max(second, (first + second) / 2)
    const limit = radS2 * joint.ticksPerRad * apart + 1 / first + 1 / second
    const change = Math.abs(now - before)
    return change <= limit * (1 + 1e-9)
      ? []
      : [{ rule: 'wire-acceleration', joint: index, value: change / apart, limit: limit / apart }]
  }
}
