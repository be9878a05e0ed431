/** A policy for the control loop's seat: the executor, its link to the policy host over the local socket, and the simulator's extras. */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import type { Calibration } from '#core/arm/calibration.ts'
import type { ChunkOrigin } from '#core/control/chunk.ts'
import { ChunkExecutor, defaultChunkExecutorOptions } from '#core/control/chunk-executor.ts'
import type { RigContract } from '#core/policy/contract-check.ts'
import { socketPath } from '../../shared/host-options.ts'
import { connectLocalSocket } from '../../shared/local-socket.ts'
import { redCubeExtra, type SimLink } from '../sim-link.ts'
import { PolicyLink } from './policy-link.ts'

export interface PolicyDriverParts {
  readonly socketDir: string
  readonly profile: ArmProfile
  readonly calibration: Calibration | null
  readonly contract: () => RigContract
  readonly task: () => string
  /** Told of every chunk that the arm follows. */
  readonly onFollow?: (observedUs: number, origin: ChunkOrigin) => void
  /** Null on a real rig, which has no extras. */
  readonly sim: Pick<SimLink, 'latest'> | null
}

export interface PolicyDriver extends Disposable {
  /** Selects what drives, and says whether it is ready. */
  readonly link: PolicyLink
  /** Sits on the loop's policy seat; disposing the driver disposes it. */
  readonly source: ChunkExecutor
}

export function createPolicyDriver({ socketDir, sim, onFollow, ...rig }: PolicyDriverParts): PolicyDriver {
  const extra = (name: string): readonly number[] | null =>
    name === redCubeExtra ? (sim?.latest()?.cubes['red'] ?? null) : null
  const link = new PolicyLink(
    { ...rig, extra },
    {
      open: () => connectLocalSocket(socketPath(socketDir, 'policy')),
      later: (callback, ms) => {
        const timer = setTimeout(callback, ms)
        return { [Symbol.dispose]: () => clearTimeout(timer) }
      },
    },
  )
  const source = new ChunkExecutor(link, {
    ...defaultChunkExecutorOptions,
    joints: rig.profile.joints,
    ...(onFollow === undefined ? {} : { onFollow }),
  })
  return { link, source, [Symbol.dispose]: () => source[Symbol.dispose]() }
}
