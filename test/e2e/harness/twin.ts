/** A twin on the harness page, with a hand that only notes what it is told. */
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import type { WorldDescription } from '#contract/services/sim.ts'
import type { Client } from '#contract/rpc/types.ts'
import type { sim } from '#contract/services/sim.ts'
import { Twin } from '#renderer/scene/twin-view.tsx'

export interface TwinSetup {
  readonly world: WorldDescription | null
  readonly pose: readonly number[]
  readonly follower: readonly number[]
  readonly leader: readonly number[] | null
}

export interface TwinCall {
  readonly name: 'dragTo' | 'jog' | 'releaseHand'
  readonly argument: unknown
}

export function showTwin(place: HTMLElement, setup: TwinSetup): readonly TwinCall[] {
  const calls: TwinCall[] = []
  const note =
    (name: TwinCall['name']) =>
    async (argument: unknown): Promise<null> => {
      calls.push({ name, argument })
      return null
    }
  const { world } = setup
  const bench =
    world === null
      ? null
      : ({
          describe: async () => world,
          poses: (_params: unknown, onPose: (pose: { pose: Float64Array }) => void) => {
            onPose({ pose: Float64Array.from(setup.pose) })
            return { [Symbol.dispose]: () => undefined }
          },
          dragTo: note('dragTo'),
          jog: note('jog'),
          releaseHand: note('releaseHand'),
        } as unknown as Client<typeof sim>)
  createRoot(place).render(
    createElement(Twin, {
      readFollower: () => setup.follower,
      readLeader: () => setup.leader,
      sim: bench,
      canDrag: bench !== null,
      label: 'Follower',
      className: 'twin',
    }),
  )
  return calls
}
