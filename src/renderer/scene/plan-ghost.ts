/** What the policy means to do next: a see-through arm where the pending chunk ends, and dots along the way of its fingertips. */
import { type Color, Group } from 'three'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { toolPose } from '#core/arm/kinematics.ts'
import type { WorldDescription } from '#contract/services/sim.ts'
import { ArmGhost } from './arm-ghost.ts'
import { isDrawable, linkMatrices, matrixOf } from './arm-matrices.ts'
import { GripPath } from './grip-path.ts'
import { followerBody } from './so101-schematic.ts'

export class PlanGhost implements Disposable {
  readonly group = new Group()
  readonly #ghost: ArmGhost
  readonly #path = new GripPath()

  constructor(world: WorldDescription) {
    this.#ghost = new ArmGhost(world)
    this.#ghost.mesh.visible = true
    this.group.add(this.#ghost.mesh, this.#path.points)
    this.group.visible = false
  }

  setColour(colour: Color): void {
    this.#ghost.setColour(colour)
    this.#path.setColour(colour)
  }

  setPixelRatio(ratio: number): void {
    this.#path.setPixelRatio(ratio)
  }

  /** Poses in order, program units; poses that are not whole are left out, and without any the ghost is gone. */
  set(rows: readonly JointVector[]): void {
    const drawn = rows.filter(isDrawable)
    const last = drawn.at(-1)
    this.group.visible = last !== undefined
    if (last === undefined) return
    this.#ghost.place(new Map([...linkMatrices(last)].map(([link, matrix]) => [followerBody(link), matrix])))
    this.#path.set(drawn.map((joints) => matrixOf(toolPose(joints))))
  }

  [Symbol.dispose](): void {
    this.#ghost[Symbol.dispose]()
    this.#path[Symbol.dispose]()
  }
}
