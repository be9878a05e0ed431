/**
 * The rig host's view of the simulated bench: what only a simulator knows (cube positions), as extra columns and policy
 * inputs. Commands never pass here; arms are reached by their byte channels like real ones.
 */
import { sim, type WorldPose } from '#contract/services/sim.ts'
import { socketPath } from '../shared/host-options.ts'
import { connectLocalSocket } from '../shared/local-socket.ts'

export interface SimLink extends Disposable {
  /** The newest pose, or null before the first. */
  latest(): WorldPose | null
}

/** Name of the one extra that simulated rigs supply: centre of the red cube in the follower's base frame, metres. */
export const redCubeExtra = 'sim.red_cube_m'

/** Rejects when no simulator listens. */
export async function openSimLink(socketDir: string): Promise<SimLink> {
  const connection = await connectLocalSocket(socketPath(socketDir, 'sim'))
  let latest: WorldPose | null = null
  const subscription = connection.client(sim).poses({ maxHz: 60 }, (pose) => {
    latest = pose
  })
  return {
    latest: () => latest,
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]()
      connection[Symbol.dispose]()
    },
  }
}
