/**
 * The one place that touches `@mujoco/mujoco`: its declarations are `any` for every array, so this file names what the
 * simulator uses and gives it types. Arrays are live views of WebAssembly memory; a view dies when that memory grows,
 * so it is fetched again whenever its buffer is gone.
 */
import loadMujoco, { type MainModule, type MjData, type MjModel } from '@mujoco/mujoco'
import { type Result, fail, ok } from '#core/result.ts'

export const geomTypes = { 0: 'plane', 2: 'sphere', 3: 'capsule', 5: 'cylinder', 6: 'box' } as const

/** Kinds of named model elements, as MuJoCo numbers them. */
export const objectKind = { body: 1, joint: 3, geom: 5, site: 6, camera: 7, actuator: 19 } as const

type ModelArray =
  | 'body_parentid'
  | 'body_mass'
  | 'jnt_qposadr'
  | 'jnt_dofadr'
  | 'jnt_range'
  | 'dof_frictionloss'
  | 'dof_damping'
  | 'geom_bodyid'
  | 'geom_type'
  | 'geom_size'
  | 'geom_pos'
  | 'geom_quat'
  | 'geom_rgba'
  | 'geom_group'
  | 'cam_bodyid'
  | 'cam_pos'
  | 'cam_quat'
  | 'cam_fovy'
type DataArray = 'site_xpos' | 'qpos' | 'qvel' | 'ctrl' | 'qfrc_applied' | 'xpos' | 'xquat' | 'qacc_warmstart'
export type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array

/** A compiled model with its state. */
export class Physics implements Disposable {
  readonly #mujoco: MainModule
  readonly #model: MjModel
  readonly #data: MjData
  readonly #views = new Map<DataArray, Float64Array>()

  private constructor(mujoco: MainModule, model: MjModel) {
    this.#mujoco = mujoco
    this.#model = model
    this.#data = new mujoco.MjData(model)
  }

  /** Boots the engine and compiles `mjcf`. Fails with `sim/not-available` when either does not work. */
  static async load(mjcf: string): Promise<Result<Physics>> {
    try {
      const mujoco = await (engine ??= loadMujoco())
      return ok(new Physics(mujoco, mujoco.MjModel.from_xml_string(mjcf)))
    } catch (error) {
      return fail('sim/not-available', error instanceof Error ? error.message : String(error))
    }
  }

  get bodyCount(): number {
    return this.#model.nbody
  }

  get geomCount(): number {
    return this.#model.ngeom
  }

  get cameraCount(): number {
    return this.#model.ncam
  }

  get timestepS(): number {
    return this.#model.opt.timestep
  }

  /** A constant array of the model. */
  model(name: ModelArray): NumberArray {
    return (this.#model as unknown as Record<ModelArray, NumberArray>)[name]
  }

  /** A live view of the state; do not keep it across calls. */
  data(name: DataArray): Float64Array {
    const known = this.#views.get(name)
    if (known !== undefined && known.length > 0) return known
    const view = (this.#data as unknown as Record<DataArray, Float64Array>)[name]
    this.#views.set(name, view)
    return view
  }

  /** Index of a named element. @throws when the model has no such element, which is a bug of the scene */
  indexOf(kind: keyof typeof objectKind, name: string): number {
    const index = this.#mujoco.mj_name2id(this.#model, objectKind[kind], name)
    if (index < 0) throw new Error(`scene has no ${kind} ${name}`)
    return index
  }

  nameOf(kind: keyof typeof objectKind, index: number): string {
    return this.#mujoco.mj_id2name(this.#model, objectKind[kind], index)
  }

  step(): void {
    this.#mujoco.mj_step(this.#model, this.#data)
  }

  /** Recomputes positions of bodies from joint positions, without moving time. */
  forward(): void {
    this.#mujoco.mj_forward(this.#model, this.#data)
  }

  reset(): void {
    this.#mujoco.mj_resetData(this.#model, this.#data)
  }

  [Symbol.dispose](): void {
    this.#data.delete()
    this.#model.delete()
  }
}

/** One engine per process: starting it takes a quarter of a second, and worlds share it. */
let engine: Promise<MainModule> | undefined
