/**
 * The twin as one plain three.js object: a follower, the things around it, a camera that orbits. It draws only when
 * something changed, and never takes more than a fifth of the page's time, so that keys and heartbeats come first.
 */
import { PerspectiveCamera, Scene, type Vector3, WebGLRenderer, type Matrix4 } from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { toolPose } from '#core/arm/kinematics.ts'
import type { WorldDescription } from '#contract/services/sim.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { ArmGhost } from './arm-ghost.ts'
import { isDrawable, linkMatrices, matrixOf } from './arm-matrices.ts'
import { tokenColour } from './css-colours.ts'
import { FloorGrid } from './floor-grid.ts'
import { GripHandle } from './grip-handle.ts'
import { PlanGhost } from './plan-ghost.ts'
import { buildScene, type WorldScene } from './scene-builder.ts'
import { followerBody, so101Schematic } from './so101-schematic.ts'
import { isSoftwareGl } from './software-gl.ts'

/** Share of the page thread's time that drawing may take. */
const timeShare = 0.2
/** Without a graphics card drawing costs another process this much per pixel, and may take little of it. */
const softwareMsPerPixel = 60e-6
const softwareShare = 0.03
/** The ghost appears when a joint is this far off; rad, and of a gripper's 0…1. */
const ghostGap = 0.05

export class RobotView implements Disposable {
  readonly camera = new PerspectiveCamera(32, 1, 0.05, 8)
  readonly controls: OrbitControls
  readonly handle = new GripHandle()
  readonly canvas: HTMLCanvasElement
  readonly #renderer: WebGLRenderer
  readonly #scene = new Scene()
  readonly #grid = new FloorGrid()
  #world: WorldScene
  #ghost: ArmGhost
  #plan: PlanGhost
  #planKey: unknown = null
  #follower: JointVector | null = null
  #pose: Float64Array | null = null
  #isDirty = true
  #frame = 0
  #costMs = 0
  #notBeforeMs = 0

  private constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext) {
    this.canvas = canvas
    this.#renderer = new WebGLRenderer({ canvas, context: gl })
    this.#world = this.#build(so101Schematic())
    this.#ghost = new ArmGhost(so101Schematic())
    this.#plan = new PlanGhost(so101Schematic())
    this.#scene.add(this.#grid.mesh, this.handle.mesh, this.#world.scene, this.#ghost.mesh, this.#plan.group)
    this.camera.up.set(0, 0, 1)
    this.camera.position.set(0.57, -0.47, 0.36)
    this.controls = new OrbitControls(this.camera, canvas)
    this.controls.target.set(0.13, -0.01, 0.105)
    this.controls.minDistance = 0.25
    this.controls.maxDistance = 2
    this.controls.maxPolarAngle = 0.55 * Math.PI
    this.controls.addEventListener('change', this.#touch)
    this.controls.update()
    canvas.addEventListener('webglcontextrestored', this.#touch)
    this.applyTheme()
    this.#loop(0)
  }

  /** Fails with `capture/lost` where WebGL 2 is missing. */
  static create(canvas: HTMLCanvasElement): Result<RobotView> {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: !isSoftwareGl(), stencil: true })
    if (gl === null) return fail('capture/lost', 'WebGL 2 is not available')
    return ok(new RobotView(canvas, gl))
  }

  /** Replaces the schematic arm by what the simulator describes; null goes back. The leader and the table are left out. */
  setWorld(description: WorldDescription | null): void {
    this.#scene.remove(this.#world.scene, this.#ghost.mesh, this.#plan.group)
    this.#pose = null
    this.#planKey = null
    this.#plan[Symbol.dispose]()
    this.#ghost[Symbol.dispose]()
    this.#world[Symbol.dispose]()
    const shown = description ?? so101Schematic()
    this.#world = this.#build(shown)
    this.#ghost = new ArmGhost(shown)
    this.#plan = new PlanGhost(shown)
    this.#scene.add(this.#world.scene, this.#ghost.mesh, this.#plan.group)
    this.applyTheme()
    if (this.#follower !== null) this.#placeFollower(this.#follower)
  }

  /** Everything as the simulator has it: cubes, bin, and the arm until servos report. */
  setPose(pose: Float64Array): void {
    if (this.#pose !== null && isStill(pose, this.#pose)) return
    this.#pose = pose
    this.#world.applyPose(pose)
    if (this.#follower !== null) this.#placeFollower(this.#follower)
    this.#touch()
  }

  /** The follower as its servos report it, program units; null when they do not. */
  setFollower(joints: JointVector | null): void {
    if (!isDrawable(joints) || isEqual(joints, this.#follower)) return
    this.#follower = joints
    this.#placeFollower(joints)
    this.#touch()
  }

  /** Shows where the leader is, while it is apart from the follower. */
  setLeader(joints: JointVector | null): void {
    const follower = this.#follower
    const isApart =
      isDrawable(joints) &&
      follower !== null &&
      joints.some((q, i) => Math.abs(q - (follower[i] ?? q)) > ghostGap)
    if (isApart) this.#ghost.place(bodyPlaces(joints))
    if (isApart || this.#ghost.mesh.visible) this.#touch()
    this.#ghost.mesh.visible = isApart
  }

  /** The pending chunk as poses in order, program units; the same array again changes nothing, null takes it away. */
  setPlan(rows: readonly JointVector[] | null): void {
    if (rows === this.#planKey) return
    this.#planKey = rows
    this.#plan.set(rows ?? [])
    this.#touch()
  }

  /** Where the follower's fingertips are; null before the first report. World frame = the follower's base frame. */
  toolPoint(out: Vector3): Vector3 | null {
    if (this.#follower === null) return null
    return out.setFromMatrixPosition(matrixOf(toolPose(this.#follower)))
  }

  /** Reads the colours again, after a change of theme. */
  applyTheme(): void {
    const background = tokenColour(this.canvas, '--bg-1')
    this.#renderer.setClearColor(background.convertSRGBToLinear(), 1)
    this.#grid.setColour(tokenColour(this.canvas, '--text-3'))
    this.#ghost.setColour(tokenColour(this.canvas, '--human'))
    this.#plan.setColour(tokenColour(this.canvas, '--policy'))
    this.handle.setColour(tokenColour(this.canvas, '--accent'))
    this.#touch()
  }

  resize(width: number, height: number, pixelRatio: number): void {
    const ratio = isSoftwareGl() ? 1 : Math.min(2, pixelRatio)
    this.#renderer.setPixelRatio(ratio)
    this.#plan.setPixelRatio(ratio)
    this.#renderer.setSize(Math.max(1, width), Math.max(1, height), false)
    this.camera.aspect = Math.max(1, width) / Math.max(1, height)
    this.camera.updateProjectionMatrix()
    // A new size empties the canvas: it is drawn at once, whatever drawing costs.
    this.#notBeforeMs = 0
    this.#touch()
  }

  /** Something that is drawn changed. */
  touch(): void {
    this.#touch()
  }

  [Symbol.dispose](): void {
    cancelAnimationFrame(this.#frame)
    this.canvas.removeEventListener('webglcontextrestored', this.#touch)
    this.controls.dispose()
    this.#ghost[Symbol.dispose]()
    this.#plan[Symbol.dispose]()
    this.#grid[Symbol.dispose]()
    this.handle[Symbol.dispose]()
    this.#world[Symbol.dispose]()
    this.#renderer.dispose()
  }

  readonly #touch = (): void => {
    this.#isDirty = true
  }

  readonly #loop = (nowMs: number): void => {
    this.#frame = requestAnimationFrame(this.#loop)
    if (!this.#isDirty || nowMs < this.#notBeforeMs) return
    this.#isDirty = false
    const startMs = performance.now()
    this.#renderer.render(this.#scene, this.camera)
    this.#costMs += 0.2 * (performance.now() - startMs - this.#costMs)
    const pauseMs = this.#costMs / timeShare - this.#costMs
    this.#notBeforeMs = nowMs + Math.max(pauseMs, isSoftwareGl() ? this.#softwarePauseMs() : 0)
  }

  #softwarePauseMs(): number {
    return (this.canvas.width * this.canvas.height * softwareMsPerPixel) / softwareShare
  }

  #build(description: WorldDescription): WorldScene {
    return buildScene(description, {
      hasBackdrop: false,
      isShown: (name) => name !== 'world' && !name.startsWith('leader_'),
    })
  }

  #placeFollower(joints: JointVector): void {
    this.#world.place(bodyPlaces(joints))
    this.handle.moveTo(matrixOf(toolPose(joints)))
  }
}

/** The follower's links by the names of their bodies. */
const bodyPlaces = (joints: JointVector): ReadonlyMap<string, Matrix4> =>
  new Map([...linkMatrices(joints)].map(([link, matrix]) => [followerBody(link), matrix]))

const isEqual = (a: JointVector, b: JointVector | null): boolean =>
  b !== null && a.length === b.length && a.every((value, i) => value === b[i])

/** Less than this is not seen: a twentieth of a millimetre, 0.003°. */
const stillWithin = 5e-5

const isStill = (pose: Float64Array, before: Float64Array): boolean =>
  pose.length === before.length && pose.every((value, i) => Math.abs(value - (before[i] ?? 0)) < stillWithin)
