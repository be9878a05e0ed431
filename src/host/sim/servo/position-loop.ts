/**
 * The servo's control law, in encoder steps: a set-point that runs to the goal under the acceleration and speed registers,
 * and a PID on its error that gives the duty cycle of the bridge. Gains are per register unit, chosen so that P 16 (what
 * lerobot sets) is as stiff as the identified SO-101 model: 17.8 N·m/rad.
 */

const dutyPerStepPerP = 0.000893
const dutyPerStepPerSecondPerD = 0.0000251
const dutyPerStepSecondPerI = 0.0005
/** Smooths the set-point's speed when the host sends goals as stairs. */
const feedForwardTimeS = 0.008

export interface LoopGains {
  readonly p: number
  readonly i: number
  readonly d: number
  /** Errors up to this many steps count as none, per direction. */
  readonly deadZoneCw: number
  readonly deadZoneCcw: number
  /** Least duty that is applied outside the dead zone. */
  readonly startupDuty: number
  /** Largest duty, 0…1. */
  readonly maxDuty: number
}

export interface LoopProfile {
  /** Steps/s²; 0 = no limit. */
  readonly acceleration: number
  /** Steps/s; 0 = no limit. */
  readonly speed: number
}

export class PositionLoop {
  #setPoint = 0
  #setVelocity = 0
  #feedForward = 0
  #integral = 0

  get setPoint(): number {
    return this.#setPoint
  }

  /** The loop starts over from where the output is: at power-on and whenever torque is switched on. */
  start(position: number): void {
    this.#setPoint = position
    this.#setVelocity = 0
    this.#feedForward = 0
    this.#integral = 0
  }

  /** Moves the set-point towards a position, under the profile. */
  moveTo(goal: number, { acceleration, speed }: LoopProfile, dtS: number): void {
    const before = this.#setPoint
    const remaining = goal - before
    const reach = Math.abs(remaining) / dtS
    const top = Math.min(reach, speed === 0 ? Infinity : speed)
    if (acceleration === 0) this.#setVelocity = Math.sign(remaining) * top
    else {
      const stoppable = Math.sqrt(2 * acceleration * Math.abs(remaining))
      this.#approach(Math.sign(remaining) * Math.min(top, stoppable), acceleration, dtS)
    }
    const next = before + this.#setVelocity * dtS
    this.#setPoint = (goal - next) * remaining < 0 ? goal : next
    this.#filter(this.#setPoint - before, dtS)
  }

  /** Moves the set-point at a speed, under the acceleration limit, never further than `lead` from the output. */
  moveAt(velocity: number, { acceleration }: LoopProfile, position: number, lead: number, dtS: number): void {
    if (acceleration === 0) this.#setVelocity = velocity
    else this.#approach(velocity, acceleration, dtS)
    const before = this.#setPoint
    const next = before + this.#setVelocity * dtS
    this.#setPoint = Math.min(position + lead, Math.max(position - lead, next))
    this.#filter(this.#setVelocity * dtS, dtS)
  }

  /** Duty cycle for an output at `position` (whole steps, as the encoder reads) moving at `velocity` (steps/s). */
  duty(position: number, velocity: number, gains: LoopGains, dtS: number): number {
    const raw = this.#setPoint - position
    const error = raw > gains.deadZoneCw || raw < -gains.deadZoneCcw ? raw : 0
    const integralShare = gains.i * dutyPerStepSecondPerI
    if (integralShare === 0) this.#integral = 0
    else {
      const bound = gains.maxDuty / integralShare
      this.#integral = Math.min(bound, Math.max(-bound, this.#integral + error * dtS))
    }
    const wanted =
      gains.p * dutyPerStepPerP * error +
      integralShare * this.#integral +
      gains.d * dutyPerStepPerSecondPerD * (this.#feedForward - velocity)
    const started =
      error !== 0 && Math.abs(wanted) < gains.startupDuty ? Math.sign(error) * gains.startupDuty : wanted
    return Math.min(gains.maxDuty, Math.max(-gains.maxDuty, started))
  }

  #approach(velocity: number, acceleration: number, dtS: number): void {
    const change = acceleration * dtS
    this.#setVelocity += Math.min(change, Math.max(-change, velocity - this.#setVelocity))
  }

  #filter(moved: number, dtS: number): void {
    this.#feedForward += (moved / dtS - this.#feedForward) * Math.min(1, dtS / feedForwardTimeS)
  }
}
