/**
 * One arm of the scene: six servos between a shared supply and six joints of the physics. Each step reads the joints, lets
 * the servos work out their torques and hands these to the actuators. The supply sags with what the servos draw.
 */
import { joints } from '../scene/joints.ts'
import type { ArmName } from '../scene/layout.ts'
import { servoPhysics } from '../scene/servo-physics.ts'
import { createServos } from '../servo/servo-set.ts'
import type { Sts3215 } from '../servo/sts3215.ts'
import type { Physics } from './mujoco.ts'

/** Cable and adapter, ohms. */
const supplyOhm = 0.08
/** A jammed joint: dry friction that no servo overcomes, and damping that stops its slow creep through the soft constraint. */
const stuckFrictionNm = 30
const stuckDampingNmSPerRad = 1000

interface JointAddress {
  readonly qpos: number
  readonly dof: number
  readonly actuator: number
}

export class SimArm {
  readonly name: ArmName
  readonly servos: readonly Sts3215[]
  readonly #physics: Physics
  readonly #addresses: readonly JointAddress[]
  /** Open-circuit voltage of the supply. */
  supplyV: number = servoPhysics.nominalVoltageV
  #drawnA = 0

  constructor(name: ArmName, physics: Physics) {
    this.name = name
    this.servos = createServos(name)
    this.#physics = physics
    this.#addresses = joints.map((joint) => {
      const index = physics.indexOf('joint', `${name}_${joint.name}`)
      return {
        qpos: physics.model('jnt_qposadr')[index] ?? 0,
        dof: physics.model('jnt_dofadr')[index] ?? 0,
        actuator: physics.indexOf('actuator', `${name}_${joint.name}`),
      }
    })
  }

  /** Joint angles in radians, the jaw included. */
  anglesRad(): number[] {
    const qpos = this.#physics.data('qpos')
    return this.#addresses.map(({ qpos: at }) => qpos[at] ?? 0)
  }

  velocitiesRadPerS(): number[] {
    const qvel = this.#physics.data('qvel')
    return this.#addresses.map(({ dof }) => qvel[dof] ?? 0)
  }

  /** Puts the joints at these angles, at rest, and switches the servos' supply on. */
  place(anglesRad: readonly number[]): void {
    const [qpos, qvel] = [this.#physics.data('qpos'), this.#physics.data('qvel')]
    for (const [index, { qpos: at, dof }] of this.#addresses.entries()) {
      const positionRad = anglesRad[index] ?? 0
      qpos[at] = positionRad
      qvel[dof] = 0
      this.servos[index]?.place({ positionRad, velocityRadPerS: 0, voltageV: this.supplyV })
    }
  }

  /** Torques of the next physics step; `handNm` is what a hand adds to each joint. */
  actuate(dtS: number, handNm: readonly number[] | null): void {
    const physics = this.#physics
    const [qpos, qvel, ctrl, applied] = [
      physics.data('qpos'),
      physics.data('qvel'),
      physics.data('ctrl'),
      physics.data('qfrc_applied'),
    ]
    const voltageV = this.supplyV - supplyOhm * this.#drawnA
    let drawnA = 0
    for (let index = 0; index < this.#addresses.length; index += 1) {
      const [address, servo] = [this.#addresses[index], this.servos[index]]
      if (address === undefined || servo === undefined) continue
      const joint = {
        positionRad: qpos[address.qpos] ?? 0,
        velocityRadPerS: qvel[address.dof] ?? 0,
        voltageV,
      }
      const output = servo.step(joint, dtS)
      ctrl[address.actuator] = output.torqueNm
      applied[address.dof] = handNm?.[index] ?? 0
      drawnA += output.supplyA
    }
    this.#drawnA = drawnA
  }

  /** Jams a joint, or frees it. */
  setStuck(joint: number, isStuck: boolean): void {
    const dof = this.#addresses[joint]?.dof
    if (dof === undefined) return
    this.#physics.model('dof_frictionloss')[dof] = isStuck ? stuckFrictionNm : servoPhysics.frictionNm
    this.#physics.model('dof_damping')[dof] = isStuck ? stuckDampingNmSPerRad : servoPhysics.dampingNmSPerRad
  }
}
