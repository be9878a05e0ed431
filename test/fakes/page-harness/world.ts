/** The simulator's own scene in one pose, so that fake hosts give the page something true to draw. */
import { unwrap } from '#core/result.ts'
import { anglesOf } from '#host/sim/scene/joints.ts'
import { describeWorld } from '#host/sim/scene/world-description.ts'
import { SimWorld } from '#host/sim/sim-world.ts'

/** Over the red cube, half open. */
const posed = [0.1, 0.35, 0.35, 0.9, 0, 0.5]

export async function posedWorld(): Promise<{ description: unknown; pose: readonly number[] }> {
  const world = unwrap(await SimWorld.create())
  try {
    for (const arm of ['leader', 'follower'] as const) world.arms[arm].place(anglesOf(posed))
    world.physics.forward()
    return { description: describeWorld(world.physics), pose: [...world.bodyPoses()] }
  } finally {
    world[Symbol.dispose]()
  }
}
