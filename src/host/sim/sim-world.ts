/**
 * The simulated bench: physics, two arms, cubes, and the hand on the leader. Time is a parameter: `advanceTo` steps the
 * physics 2 ms at a time and nothing else moves it.
 */
import type { Result } from '#core/result.ts'
import { ok } from '#core/result.ts'
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { Physics } from './physics/mujoco.ts'
import { SimArm } from './physics/sim-arm.ts'
import { cubePlaces } from './scene/cube-places.ts'
import { anglesOf } from './scene/joints.ts'
import { type ArmName, type CubeName, armNames, cubeNames, isInBin, restPose } from './scene/layout.ts'
import { movingTarget, type TargetPoint } from './scene/moving-target.ts'
import { so101PairMjcf } from './scene/so101-pair.ts'

/** What a hand does to the leader: joint torques for the next step. Null: the hand is off. */
export interface LeaderHand {
  torquesNm(
    simTimeUs: number,
    anglesRad: readonly number[],
    velocitiesRadPerS: readonly number[],
  ): readonly number[] | null
}

const stepUs = 2000

export class SimWorld implements Disposable {
  readonly physics: Physics
  readonly arms: Readonly<Record<ArmName, SimArm>>
  hand: LeaderHand | null = null
  #target: ((simTimeUs: number) => TargetPoint) | null = null
  readonly #cubeBodies: Readonly<Record<CubeName, number>>
  readonly #cubeJoints: Readonly<Record<CubeName, { readonly qpos: number; readonly dof: number }>>
  #steps = 0

  private constructor(physics: Physics) {
    this.physics = physics
    this.arms = { leader: new SimArm('leader', physics), follower: new SimArm('follower', physics) }
    const byCube = <T>(make: (name: CubeName) => T) =>
      Object.fromEntries(cubeNames.map((name) => [name, make(name)])) as Record<CubeName, T>
    this.#cubeBodies = byCube((name) => physics.indexOf('body', `cube_${name}`))
    this.#cubeJoints = byCube((name) => {
      const joint = physics.indexOf('joint', `cube_${name}`)
      return {
        qpos: physics.model('jnt_qposadr')[joint] ?? 0,
        dof: physics.model('jnt_dofadr')[joint] ?? 0,
      }
    })
    for (const arm of armNames) this.arms[arm].place(anglesOf(restPose))
    this.physics.forward()
  }

  /** Fails with `sim/not-available` when MuJoCo does not start. */
  static async create(): Promise<Result<SimWorld>> {
    const physics = await Physics.load(so101PairMjcf())
    return physics.ok ? ok(new SimWorld(physics.value)) : physics
  }

  get simTimeUs(): number {
    return this.#steps * stepUs
  }

  /** Steps until simulated time is at or past `simTimeUs`, at most `maxSteps` of them. Returns how many it took. */
  advanceTo(simTimeUs: number, maxSteps = Infinity): number {
    let taken = 0
    while (this.simTimeUs < simTimeUs && taken < maxSteps) {
      this.#step()
      taken += 1
    }
    return taken
  }

  /** x, y, z, qw, qx, qy, qz of every body, in the model's order; a copy. */
  bodyPoses(): Float64Array<ArrayBuffer> {
    const [xpos, xquat] = [this.physics.data('xpos'), this.physics.data('xquat')]
    const poses = new Float64Array(this.physics.bodyCount * 7)
    for (let body = 0; body < this.physics.bodyCount; body += 1) {
      poses.set(xpos.subarray(body * 3, body * 3 + 3), body * 7)
      poses.set(xquat.subarray(body * 4, body * 4 + 4), body * 7 + 3)
    }
    return poses
  }

  /** Position of a cube's centre, follower base frame, metres. */
  cubeM(name: CubeName): Vec3 {
    const xpos = this.physics.data('xpos')
    const at = this.#cubeBodies[name] * 3
    return [xpos[at] ?? 0, xpos[at + 1] ?? 0, xpos[at + 2] ?? 0]
  }

  /** Turn about the vertical, radians, of a cube that stands on any of its faces; only its value modulo 90° means anything. */
  cubeYawRad(name: CubeName): number {
    const xquat = this.physics.data('xquat')
    const at = this.#cubeBodies[name] * 4
    const [w, x, y, z] = [xquat[at] ?? 1, xquat[at + 1] ?? 0, xquat[at + 2] ?? 0, xquat[at + 3] ?? 0]
    const xAxis = [1 - 2 * (y * y + z * z), 2 * (x * y + w * z)] as const
    const yAxis = [2 * (x * y - w * z), 1 - 2 * (x * x + z * z)] as const
    const [ax, ay] = Math.hypot(...xAxis) >= Math.hypot(...yAxis) ? xAxis : yAxis
    return Math.atan2(ay, ax)
  }

  cubesInBin(): CubeName[] {
    return cubeNames.filter((name) => isInBin(this.cubeM(name)))
  }

  get isTargetMoving(): boolean {
    return this.#target !== null
  }

  /** Carries the red cube along a seeded way from now on; null lets it be. */
  moveTarget(seed: number | null): void {
    this.#target = seed === null ? null : movingTarget(seed)
  }

  /** Puts the cubes back: at their usual places, or spread by the seed. The arms stay as they are. */
  resetCubes(seed?: number): void {
    const [qpos, qvel] = [this.physics.data('qpos'), this.physics.data('qvel')]
    for (const [name, { position, yawRad }] of Object.entries(cubePlaces(seed))) {
      const address = this.#cubeJoints[name as CubeName]
      qpos.set([...position, Math.cos(yawRad / 2), 0, 0, Math.sin(yawRad / 2)], address.qpos)
      qvel.fill(0, address.dof, address.dof + 6)
    }
    this.physics.forward()
  }

  #carryTarget(): void {
    const point = this.#target?.(this.simTimeUs)
    if (point === undefined) return
    const { qpos, dof } = this.#cubeJoints.red
    this.physics.data('qpos').set([...point.position, 1, 0, 0, 0], qpos)
    this.physics.data('qvel').set([...point.velocity, 0, 0, 0], dof)
  }

  #step(): void {
    const { leader, follower } = this.arms
    const dtS = stepUs / 1e6
    const handNm =
      this.hand?.torquesNm(this.simTimeUs, leader.anglesRad(), leader.velocitiesRadPerS()) ?? null
    leader.actuate(dtS, handNm)
    follower.actuate(dtS, null)
    this.#carryTarget()
    this.physics.step()
    this.#steps += 1
  }

  [Symbol.dispose](): void {
    this.physics[Symbol.dispose]()
  }
}
