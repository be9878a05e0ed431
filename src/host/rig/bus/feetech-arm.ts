/**
 * An SO arm on a Feetech bus. It never switches torque on by itself, and sends no goal unless `torqueOn` has succeeded and
 * nothing has taken the torque away since: the control loop promises the same, and this is the second lock on that door.
 */
import type { ArmProfile, JointVector } from '#core/arm/arm-profile.ts'
import type { ArmReading, JointReading } from '#core/arm/arm-reading.ts'
import { jointCalibration, type Calibration } from '#core/arm/calibration.ts'
import type { CalibrationDoubt } from '#core/arm/calibration-review.ts'
import { tickOfUnit, unitOfTick, unitPerTick } from '#core/arm/joint-ticks.ts'
import type { FeetechAnswer } from '#core/bus/feetech-exchange.ts'
import { encodeSyncRead, encodeSyncWrite } from '#core/bus/feetech-packet.ts'
import { decodePresent } from '#core/bus/feetech-present.ts'
import { encodeRegister, poweredBlock, presentBlock, stsRegisters } from '#core/bus/feetech-registers.ts'
import { hasReset, poweredSettings, type PoweredSettings } from '#core/bus/feetech-reset.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ArmPort, BusStats } from '../arm-port.ts'
import { powerJoints, releaseJoints } from './arm-torque.ts'
import type { FeetechBus } from './feetech-bus.ts'
import { besideLoop, type ServoAccess } from './servo-access.ts'

/** What was found and done when the arm was opened. */
export interface ArmReport {
  /** Firmware versions, profile order. */
  readonly firmware: readonly string[]
  /** Joints that held with torque on already, as after a crash of the program. */
  readonly heldJoints: readonly string[]
  /** Registers that had to be written, as `joint.Register`. */
  readonly written: readonly string[]
  /** Those of them that the servo did not keep. */
  readonly refused: readonly string[]
  readonly calibrationDoubts: readonly CalibrationDoubt[]
}

export interface FeetechArmParts {
  readonly bus: FeetechBus
  readonly access: ServoAccess
  /** Narrowed to the calibration (`calibratedProfile`). */
  readonly profile: ArmProfile
  readonly calibration: Calibration
  readonly maxTorque: readonly number[]
  readonly report: ArmReport
}

export class FeetechArm implements ArmPort {
  readonly profile: ArmProfile
  readonly calibration: Calibration
  readonly report: ArmReport
  readonly #bus: FeetechBus
  readonly #access: ServoAccess
  readonly #maxTorque: readonly number[]
  readonly #ids: readonly number[]
  /** Order of the next read: whoever failed last comes last, since servos may wait for the one before them. */
  #readOrder: readonly number[]
  #reading: ArmReading
  /** The newest goal handed to the bus; it may still wait for the line. */
  #goal: Uint8Array | null = null
  #canMove = false
  /** What each servo was powered with, by id; goes with every change of torque. */
  readonly #settings = new Map<number, PoweredSettings>()
  /** Servos that lost their torque by themselves: no goal goes to them, which could switch them on where they are not. */
  readonly #reset = new Set<number>()
  /** Aborts a `torqueOn` under way. */
  #torque = new AbortController()

  private constructor(parts: FeetechArmParts, first: ArmReading) {
    this.profile = parts.profile
    this.calibration = parts.calibration
    this.report = parts.report
    this.#bus = parts.bus
    this.#access = parts.access
    this.#maxTorque = parts.maxTorque
    this.#ids = parts.profile.joints.map((joint) => joint.servoId)
    this.#readOrder = this.#ids
    this.#reading = first
  }

  /** Takes over a bus whose servos were checked and configured. Fails when no complete reading can be had. */
  static async start(parts: FeetechArmParts, deadlineUs: () => number): Promise<Result<FeetechArm>> {
    const arm = new FeetechArm(parts, { timeUs: 0, joints: parts.profile.joints.map(() => neverRead) })
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const reading = await arm.read(deadlineUs())
      if (!reading.ok) return reading
      if (reading.value.joints.every((joint) => !joint.isStale)) return ok(arm)
    }
    const missing = parts.profile.joints.filter((_, j) => arm.#reading.joints[j] === neverRead)
    if (missing.length === 0) return ok(arm)
    const names = missing.map((joint) => joint.name)
    return fail(
      'bus/no-reply',
      `${names.join(', ')} answered alone but not to a sync read, which the control loop needs`,
      { joints: names },
    )
  }

  async read(deadlineUs: number): Promise<Result<ArmReading>> {
    const isPowered = this.#canMove
    const block = isPowered ? poweredBlock : presentBlock
    const request = {
      bytes: encodeSyncRead(this.#readOrder, block.address, block.length),
      ids: this.#ids,
      answerLength: block.length,
    }
    const outcome = await this.#bus.exchange(request, deadlineUs, {
      isFullRead: true,
      repeat: (ids) => encodeSyncRead(ids, block.address, block.length),
    })
    if (!outcome.ok) return outcome
    const { answers } = outcome.value
    this.#readOrder = [...this.#ids].sort((a, b) => Number(!answers.has(a)) - Number(!answers.has(b)))
    const before = presentBlock.address - block.address
    if (isPowered && this.#canMove) this.#lookForResets(answers)
    const joints = this.#reading.joints.map((last, j) => this.#jointReading(j, last, answers, before))
    const timeUs = Math.max(this.#reading.timeUs, ...Array.from(answers.values(), (answer) => answer.timeUs))
    this.#reading = { timeUs, joints }
    return ok(this.#reading)
  }

  writeGoals(goal: JointVector): Result<void> {
    if (!this.#canMove) return fail('control/not-allowed', 'no goal is sent before torque was switched on')
    const { joints } = this.profile
    if (goal.length !== joints.length)
      return fail('bus/out-of-range', `${goal.length} goals for ${joints.length} joints`)
    const entries: { readonly id: number; readonly data: Uint8Array }[] = []
    for (const [j, joint] of joints.entries()) {
      const calibration = jointCalibration(this.calibration, joint.name)
      const tick = tickOfUnit(joint, calibration, goal[j] ?? NaN)
      // Written so that NaN fails too.
      if (!(tick >= calibration.rangeMin && tick <= calibration.rangeMax))
        return fail('bus/out-of-range', `the goal of ${joint.name} is outside its range`, {
          joint: joint.name,
          goal: goal[j],
        })
      if (this.#reset.has(joint.servoId)) continue
      entries.push({ id: joint.servoId, data: encodeRegister(stsRegisters.Goal_Position, tick) })
    }
    if (entries.length === 0) return ok(undefined)
    this.#goal = encodeSyncWrite(stsRegisters.Goal_Position.address, entries)
    return this.#bus.post(this.#goal, true)
  }

  /** Nothing else that waits for the line is touched: it may be what switches torque off. */
  withdrawGoals(): void {
    if (this.#goal !== null) this.#bus.dropPost(this.#goal)
    this.#goal = null
  }

  async torqueOn(): Promise<Result<void>> {
    this.#torque.abort()
    this.#forgetPower()
    const torque = new AbortController()
    this.#torque = torque
    const result = await powerJoints(this.#access, this.profile, this.calibration, torque.signal)
    if (torque.signal.aborted)
      return fail('control/not-allowed', 'torque was switched off or on again meanwhile')
    if (result.ok) this.#canMove = true
    return result
  }

  async torqueOff(): Promise<Result<void>> {
    this.#torque.abort()
    this.#forgetPower()
    return await releaseJoints(this.#bus, this.#access, this.profile)
  }

  async setTorqueLimit(fraction: number): Promise<Result<void>> {
    if (!(fraction >= 0 && fraction <= 1))
      return fail('bus/out-of-range', `${fraction} is no share of the maximum torque`, { fraction })
    this.#settings.clear()
    for (const [j, joint] of this.profile.joints.entries()) {
      const limit = Math.round(fraction * (this.#maxTorque[j] ?? 0))
      const result = await this.#access.write(joint.servoId, 'Torque_Limit', limit, besideLoop)
      if (!result.ok) return result
    }
    return ok(undefined)
  }

  stats(nowUs: number): BusStats {
    return this.#bus.stats(this.#ids, nowUs)
  }

  onClose(listener: (fault: Fault) => void): Disposable {
    return this.#bus.onClose(listener)
  }

  /** Closes the port. Torque stays as it is: an arm that holds goes on holding. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#torque.abort()
    this.#canMove = false
    await this.#bus[Symbol.asyncDispose]()
  }

  /** What is known of the torque is void, and a goal that waits to be sent with it. */
  #forgetPower(): void {
    this.#canMove = false
    this.#settings.clear()
    this.#reset.clear()
    this.#bus.dropPost()
  }

  #lookForResets(answers: ReadonlyMap<number, FeetechAnswer>): void {
    for (const [id, { params, errorBits }] of answers) {
      const before = this.#settings.get(id) ?? null
      if (hasReset(params, errorBits, before)) this.#reset.add(id)
      else if (before === null) this.#settings.set(id, poweredSettings(params))
    }
  }

  /** @param skip bytes of the answers that precede the present block */
  #jointReading(
    index: number,
    last: JointReading,
    answers: ReadonlyMap<number, FeetechAnswer>,
    skip: number,
  ): JointReading {
    const joint = this.profile.joints[index]
    const answer = joint === undefined ? undefined : answers.get(joint.servoId)
    if (joint === undefined || answer === undefined) return last.isStale ? last : { ...last, isStale: true }
    const entry = jointCalibration(this.calibration, joint.name)
    const state = decodePresent(answer.params.subarray(skip))
    return {
      position: unitOfTick(joint, entry, state.positionTicks),
      velocity: state.velocityTicksPerS * unitPerTick(joint, entry),
      load: state.load,
      voltageV: state.voltageV,
      temperatureC: state.temperatureC,
      currentA: state.currentA,
      statusBits: state.statusBits | answer.errorBits,
      readUs: answer.timeUs,
      isStale: false,
      ...(this.#reset.has(joint.servoId) ? { hasReset: true } : {}),
    }
  }
}

/** Stands for a joint before its first answer; no arm is handed out with one of these left. */
const neverRead: JointReading = {
  position: NaN,
  velocity: NaN,
  load: NaN,
  voltageV: NaN,
  temperatureC: NaN,
  currentA: NaN,
  statusBits: 0,
  readUs: 0,
  isStale: true,
}
