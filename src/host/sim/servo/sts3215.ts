/**
 * One STS3215: its control table, and what the registers make of a joint. The physics calls `step` with where the joint is
 * and gets a torque; the bus calls `read` and `write`. Invariant: with Torque_Enable 0 the torque is zero.
 */
import { baudOfCode, feetechUnits } from '#core/bus/feetech-models.ts'
import { type FeetechRegister, encodeRegister, stsRegisters as reg } from '#core/bus/feetech-registers.ts'
import { eprom } from './factory.ts'
import { Motor, type MotorOutput } from './motor.ts'
import { PositionLoop } from './position-loop.ts'
import { Protection } from './protection.ts'
import { type ServoConfig, readConfig } from './servo-config.ts'
import { ServoMemory } from './servo-memory.ts'

export const stepsPerTurn = 4096
export const stepsPerRad = stepsPerTurn / (2 * Math.PI)
/** Writing this to Torque_Enable makes the present position 2048. */
const makeMidpoint = 128
const midpoint = 2048
/** Goals clear of the present by less than this are no reversal. */
const reverseSteps = 5
/** In velocity mode the set-point leads the output by at most this much. */
const velocityLeadSteps = 60
/** A register of asynchronous writes: 1 while a REG WRITE waits for ACTION. */
const waitingFlag: FeetechRegister = { address: 64, size: 1 }

export interface JointState {
  readonly positionRad: number
  readonly velocityRadPerS: number
  readonly voltageV: number
}

export interface Sts3215Options {
  readonly eprom: Uint8Array
  /** What the encoder reads at joint angle 0, 0…4095: how the horn happened to be mounted. */
  readonly mountStep: number
}

export class Sts3215 {
  readonly motor = new Motor()
  /** A dead interface: hears nothing, says nothing, and goes on holding. */
  isSilent = false
  readonly #memory: ServoMemory
  readonly #loop = new PositionLoop()
  readonly #protection = new Protection()
  readonly #mountStep: number
  #config: ServoConfig
  #joint: JointState = { positionRad: 0, velocityRadPerS: 0, voltageV: 0 }
  #duty = 0
  #currentA = 0
  #stepGoal = 0
  #waiting: { readonly address: number; readonly data: Uint8Array } | null = null

  constructor(options: Sts3215Options) {
    this.#memory = new ServoMemory(options.eprom)
    this.#mountStep = options.mountStep
    this.#config = readConfig(this.#memory)
  }

  get id(): number {
    return this.#memory.get(reg.ID)
  }

  /** Baud rate it listens and answers at; a code the table lacks leaves it at 1 Mbaud. */
  get baud(): number {
    return baudOfCode(this.#memory.get(reg.Baud_Rate)) ?? 1_000_000
  }

  get returnDelayUs(): number {
    return this.#memory.get(reg.Return_Delay_Time) * 2
  }

  /** False when it answers PING and READ only (Response_Status_Level 0). */
  get answersWrites(): boolean {
    return this.#memory.get(reg.Response_Status_Level) !== 0
  }

  get statusBits(): number {
    return this.#protection.statusBits
  }

  get isTorqueOn(): boolean {
    return this.#config.torque === 'on'
  }

  /** Tells where the joint is without letting time pass; needed once before the first step. */
  place(joint: JointState): void {
    this.#joint = joint
    this.powerCycle()
  }

  /** Supply off and on: SRAM at its defaults, torque off, the goal where the output is. */
  powerCycle(): void {
    this.#memory.powerUp()
    this.#memory.set(reg.Goal_Position, this.#position())
    this.#waiting = null
    this.#protection.clear()
    this.#changed()
    this.#loop.start(this.#position())
  }

  /** The REBOOT instruction, or a factory reset that keeps the id. */
  restart(isFactoryReset: boolean): void {
    if (isFactoryReset) this.#memory.storeAll(eprom({ ID: this.id }))
    this.powerCycle()
  }

  /** Overload protection trips now, as if the joint had been blocked for the protection time. */
  tripOverload(): void {
    this.#protection.trip(Math.sign(this.#loop.setPoint - this.#position()))
  }

  get isOverloaded(): boolean {
    return this.#protection.isOverloaded
  }

  /** Ends latched protection, as writing Torque_Enable does. */
  clearProtection(): void {
    this.#protection.clear()
  }

  read(address: number, length: number): Uint8Array {
    this.#refresh()
    return this.#memory.read(address, length)
  }

  write(address: number, data: Uint8Array): void {
    const wasOff = this.#config.torque === 'off'
    const covers = (register: FeetechRegister): boolean =>
      register.address >= address && register.address < address + data.length
    this.#memory.write(address, data)
    if (covers(reg.Torque_Enable)) {
      if (this.#memory.get(reg.Torque_Enable) === makeMidpoint) this.#makeMidpoint(wasOff)
      this.#protection.clear()
    }
    if (covers(reg.Goal_Position)) this.#onGoal()
    this.#changed()
    if (covers(reg.Operating_Mode) || (wasOff && this.#config.torque !== 'off'))
      this.#loop.start(this.#position())
  }

  regWrite(address: number, data: Uint8Array): void {
    this.#waiting = { address, data }
    this.#memory.set(waitingFlag, 1)
  }

  /** Executes a waiting REG WRITE. */
  action(): void {
    const waiting = this.#waiting
    if (waiting === null) return
    this.#waiting = null
    this.#memory.set(waitingFlag, 0)
    this.write(waiting.address, waiting.data)
  }

  /** One step of the inner loop: the torque that this servo puts on its joint for the next `dtS` seconds. */
  step(joint: JointState, dtS: number): MotorOutput {
    this.#joint = joint
    const config = this.#config
    const state = {
      temperatureC: this.motor.temperatureC,
      voltageV: joint.voltageV,
      currentA: this.#currentA,
      duty: this.#duty,
    }
    const allowed = this.#protection.step(state, config.protection, dtS)
    const isDriving = config.torque !== 'off' && allowed > 0
    this.#duty = isDriving ? this.#control(config, allowed, dtS) : 0
    const output = isDriving
      ? this.motor.drive(this.#duty, joint.velocityRadPerS, joint.voltageV, dtS)
      : this.motor.coast(dtS)
    this.#currentA = output.currentA
    return output
  }

  #control(config: ServoConfig, allowed: number, dtS: number): number {
    if (config.torque === 'brake') return 0
    const maxDuty = Math.min(config.gains.maxDuty, allowed)
    const position = this.#position()
    const velocity = this.#joint.velocityRadPerS * stepsPerRad
    switch (config.mode) {
      case 1:
        this.#loop.moveAt(config.goalVelocity, config.profile, position, velocityLeadSteps, dtS)
        break
      case 2:
        return Math.min(maxDuty, Math.max(-maxDuty, config.goalDuty))
      case 3:
        this.#loop.moveTo(this.#stepGoal, config.profile, dtS)
        break
      default:
        this.#loop.moveTo(limited(config), config.profile, dtS)
    }
    return this.#loop.duty(position, velocity, { ...config.gains, maxDuty }, dtS)
  }

  #onGoal(): void {
    const goal = this.#memory.get(reg.Goal_Position)
    this.#memory.set(reg.Torque_Enable, 1)
    if (this.#config.mode === 3) this.#stepGoal = this.#position() + goal
    const ahead = goal - this.#position()
    if (Math.abs(ahead) > reverseSteps) this.#protection.onReverse(Math.sign(ahead))
  }

  #makeMidpoint(wasOff: boolean): void {
    const offset = this.#encoder() - midpoint
    this.#memory.store(reg.Homing_Offset, Math.min(2047, Math.max(-2047, offset)))
    this.#memory.set(reg.Torque_Enable, wasOff ? 0 : 1)
  }

  #changed(): void {
    this.#config = readConfig(this.#memory)
  }

  /** The absolute encoder: one turn, whole steps. */
  #encoder(): number {
    return fold(Math.round(this.#mountStep + this.#joint.positionRad * stepsPerRad))
  }

  /** Present = encoder − offset; folded into one turn unless Phase asks for the full angle. */
  #position(): number {
    const position = this.#encoder() - this.#memory.get(reg.Homing_Offset)
    return this.#config.isFullAngle ? position : fold(position)
  }

  #refresh(): void {
    const memory = this.#memory
    const velocity = Math.round(this.#joint.velocityRadPerS * stepsPerRad)
    const position = this.#position()
    memory.set(reg.Present_Position, position)
    memory.set(reg.Present_Velocity, velocity)
    memory.set(reg.Present_Load, Math.round(this.#duty / feetechUnits.loadFraction))
    memory.set(reg.Present_Voltage, toByte(this.#joint.voltageV / feetechUnits.voltageV))
    memory.set(reg.Present_Temperature, toByte(this.motor.temperatureC))
    memory.set(reg.Present_Current, Math.round(Math.abs(this.#currentA) / feetechUnits.currentA))
    memory.set(reg.Status, this.#protection.statusBits)
    const isUnderway = this.#config.torque === 'on' && this.#loop.setPoint !== limited(this.#config)
    const isTurning = Math.abs(velocity) > memory.get(reg.Moving_Velocity_Threshold)
    memory.set(reg.Moving, isUnderway || isTurning ? 1 : 0)
  }

  /** A register's raw bytes as a host would write them; for set-up of a scene. */
  configure(register: FeetechRegister, value: number): void {
    this.write(register.address, encodeRegister(register, value))
  }
}

const fold = (step: number): number => ((step % stepsPerTurn) + stepsPerTurn) % stepsPerTurn

const toByte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))

/** Both limits 0 mean multi-turn: no clamp. */
function limited(config: ServoConfig): number {
  if (config.minPosition === 0 && config.maxPosition === 0) return config.goalPosition
  return Math.min(config.maxPosition, Math.max(config.minPosition, config.goalPosition))
}
