/**
 * What the leader does while somebody else drives: mirror the follower with capped torque, and feel for a hand. Where it
 * cannot be powered it is only watched. Invariant: no leader goal before its torque is confirmed, none after `end`.
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import type { TorqueReport, TorqueWish } from './core-types.ts'
import { armLimits, type LimitSets } from './limit-sets.ts'
import { LeaderMirror, mirrorTorque } from './mirror.ts'
import { TakeOverDetector } from './take-over.ts'
import { poseOf } from './watch-link.ts'
import type { ArmLink } from './watch-types.ts'

export class LeaderDuty {
  readonly #profile: ArmProfile
  readonly #sets: LimitSets
  readonly #isActuated: boolean
  readonly #mirror: LeaderMirror
  readonly #still: TakeOverDetector
  #wish: TorqueWish = { wanted: 'asIs', request: 0, cap: null }
  #isOnDuty = false
  #isFirst = true
  /** Its torque may be on: found so, or lost sight of. */
  #isMaybePowered: boolean

  constructor(
    profile: ArmProfile,
    sets: LimitSets,
    periodUs: number,
    thresholdRad: number,
    isActuated: boolean,
    isHeld: boolean,
  ) {
    this.#profile = profile
    this.#sets = sets
    this.#isActuated = isActuated
    this.#isMaybePowered = isHeld
    this.#mirror = new LeaderMirror(profile, periodUs, thresholdRad)
    this.#still = new TakeOverDetector(profile, thresholdRad)
  }

  get wish(): TorqueWish {
    return this.#wish
  }

  get isOnDuty(): boolean {
    return this.#isOnDuty
  }

  begin(): void {
    if (this.#isOnDuty) return
    this.#isOnDuty = true
    this.#isFirst = true
    this.#mirror.stop()
    this.#still.reset()
    this.#isMaybePowered = this.#isActuated
    if (this.#isActuated) this.#ask('on', mirrorTorque)
  }

  /** The leader belongs to the hand again: its torque is off, whatever it was. */
  end(): void {
    if (this.#isMaybePowered) this.#ask('off', null)
    this.#isMaybePowered = false
    this.#isOnDuty = false
  }

  /** Its bus was lost: nothing can be said about its torque. */
  forget(): void {
    this.#isOnDuty = false
    this.#wish = { ...this.#wish, wanted: 'asIs' }
  }

  /** Torque off, whatever it was: an emergency stop. */
  cut(): void {
    this.#isOnDuty = false
    this.#ask('off', null)
  }

  /** One tick on duty: the leader's goal, or null. */
  step(link: ArmLink, followerGoal: JointVector, torque: TorqueReport, nowUs: number): JointVector | null {
    const pose = poseOf(link)
    if (!this.#isOnDuty || !pose) return null
    if (!this.#isPowered(torque)) {
      if (this.#isFirst) this.#still.expect(pose, nowUs)
      this.#isFirst = false
      return null
    }
    return this.#mirror.step(pose, followerGoal, armLimits(this.#profile, 'policy', this.#sets), nowUs)
  }

  /** Whether a hand has moved the leader since it went on duty. Judged on fresh readings only. */
  isTaken(link: ArmLink, torque: TorqueReport): boolean {
    const pose = poseOf(link)
    if (!this.#isOnDuty || !pose || link.reading?.joints.some((joint) => joint.isStale)) return false
    return this.#isPowered(torque)
      ? this.#mirror.isTaken(pose)
      : !this.#isActuated && this.#still.isTaken(pose)
  }

  #isPowered(torque: TorqueReport): boolean {
    return this.#isActuated && torque.state === 'on' && torque.request === this.#wish.request
  }

  #ask(wanted: 'on' | 'off', cap: number | null): void {
    this.#wish = { wanted, request: this.#wish.request + 1, cap }
  }
}
