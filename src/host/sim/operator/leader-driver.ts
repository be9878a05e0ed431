/** Whoever moves the leader: drag, jog or the scripted operator, one at a time, through one hand. The latest wish wins. */
import type { JointVector } from '#core/arm/arm-profile.ts'
import { positionOf } from '../scene/joints.ts'
import { type CubeName, isInBin } from '../scene/layout.ts'
import type { SimWorld } from '../sim-world.ts'
import { DragPlan, type DragTarget, type HandStep } from './drag-plan.ts'
import { LeaderHand } from './leader-hand.ts'
import { ScriptedOperator } from './scripted-operator.ts'

export interface OperatorReport {
  readonly isRunning: boolean
  readonly phase: string
  readonly cube: CubeName
  readonly attempts: number
  readonly cubesInBin: CubeName[]
}

export class LeaderDriver {
  readonly #world: SimWorld
  readonly #hand: LeaderHand
  #drag: DragPlan | null = null
  #operator: ScriptedOperator | null = null

  constructor(world: SimWorld) {
    this.#world = world
    this.#hand = new LeaderHand(() => world.arms.leader.servos.some((servo) => servo.isTorqueOn))
    world.hand = this.#hand
  }

  dragTo(target: DragTarget): void {
    this.#dragging().dragTo(target)
  }

  jog(step: HandStep): void {
    this.#dragging().jog(step)
  }

  release(): void {
    this.#hand.release()
  }

  startOperator(seed: number, cube: CubeName): void {
    const world = this.#world
    this.#operator = new ScriptedOperator(
      {
        cubeM: (name) => world.cubeM(name),
        cubeYawRad: (name) => world.cubeYawRad(name),
        isInBin: (name) => isInBin(world.cubeM(name)),
        followerPosition: () => positionOf(world.arms.follower.anglesRad()),
      },
      cube,
      seed,
      this.#leaderPosition(),
      world.simTimeUs,
    )
    this.#hand.follow(this.#operator)
  }

  /** The operator stops where it is and keeps holding the leader. */
  stopOperator(): void {
    if (this.#operator !== null && this.#hand.isFollowing(this.#operator)) this.#hand.hold()
    this.#operator = null
  }

  report(): OperatorReport {
    const operator = this.#operator
    const isAtWork = operator !== null && this.#hand.isFollowing(operator)
    return {
      isRunning: isAtWork && operator.isRunning,
      phase: isAtWork ? operator.phase : 'idle',
      cube: operator?.cube ?? 'red',
      attempts: operator?.attempts ?? 0,
      cubesInBin: this.#world.cubesInBin(),
    }
  }

  #dragging(): DragPlan {
    if (this.#drag === null || !this.#hand.isFollowing(this.#drag)) {
      this.#drag = new DragPlan(this.#leaderPosition())
      this.#hand.follow(this.#drag)
    }
    return this.#drag
  }

  /** Where the hand holds the leader, or where the leader is when nobody does. */
  #leaderPosition(): JointVector {
    const held = this.#hand.anglesRad
    return positionOf(held.length > 0 ? held : this.#world.arms.leader.anglesRad())
  }
}
