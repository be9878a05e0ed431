/**
 * The reaction table of DESIGN §4: every row is a rule over readings, link statistics and the lease. The rules share
 * nothing but a clock of how long each condition has held; all of them look at every tick.
 */
import { supplyNominalV } from './supply.ts'
import { busGone, leaderLost, noStopKey, packetsLost, pageSilent, servoSilent } from './watch-link.ts'
import { defaultWatchLimits, type WatchLimits } from './watch-limits.ts'
import {
  followingError,
  isWorse,
  leaderHot,
  leaderReset,
  servoHot,
  servoOverload,
  servoReset,
  servoSensor,
  servoVoltage,
} from './watch-servo.ts'
import type { HeldClock, Reaction, WatchInput, WatchRule } from './watch-types.ts'

class Held implements HeldClock {
  readonly #since = new Map<string, number>()
  nowUs = 0

  held(key: string, isTrue: boolean): number {
    if (!isTrue) {
      this.#since.delete(key)
      return 0
    }
    const since = this.#since.get(key)
    if (since !== undefined) return this.nowUs - since
    this.#since.set(key, this.nowUs)
    return 0
  }
}

export class Watchdog {
  readonly limits: WatchLimits
  readonly #rules: readonly WatchRule[]
  readonly #held = new Held()
  #active: readonly Reaction[] = []
  #nominalVoltageV: number | null = null

  /** @param isFollowingLeader whether the leader's pose is what the follower goes to (not in a policy, not while parking). */
  constructor(isFollowingLeader: () => boolean, limits: WatchLimits = defaultWatchLimits) {
    this.limits = limits
    this.#rules = [
      busGone(),
      servoSilent(limits),
      packetsLost(limits),
      leaderLost(limits, isFollowingLeader),
      pageSilent(limits),
      noStopKey(limits),
      servoHot(limits),
      leaderHot(limits),
      servoOverload(limits),
      servoVoltage(limits),
      servoSensor(limits),
      servoReset(),
      leaderReset(),
      followingError(limits),
    ]
  }

  /** All reactions of this tick, worst first. */
  look(seen: Omit<WatchInput, 'nominalVoltageV'>): readonly Reaction[] {
    this.#held.nowUs = seen.nowUs
    const input: WatchInput = { ...seen, nominalVoltageV: this.#nominalVoltage(seen) }
    const found = this.#rules.flatMap((rule) => rule(input, this.#held) ?? [])
    this.#active = found.sort((a, b) => (isWorse(a.kind, b.kind) ? -1 : isWorse(b.kind, a.kind) ? 1 : 0))
    return this.#active
  }

  /** Decided once, by the first reading, before torque makes the supply sag. */
  #nominalVoltage({ follower: { profile, reading } }: Pick<WatchInput, 'follower'>): number | null {
    if (reading) this.#nominalVoltageV ??= supplyNominalV(profile.nominalVoltageV, reading)
    return this.#nominalVoltageV
  }

  get active(): readonly Reaction[] {
    return this.#active
  }

  /** Share of the normal speed that the reactions leave. */
  get speedFactor(): number {
    const isDerated = this.#active.some(
      (reaction) => reaction.kind === 'derate' || reaction.kind === 'slowStop',
    )
    return isDerated ? this.limits.derateFactor : 1
  }
}
