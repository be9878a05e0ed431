/** Our graph of a folder of random weights, and how long a call of it takes. */
import { roomOf } from '#core/policy/internvla/sequence-room.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import type { Result } from '#core/result.ts'
import { callFeeds } from '#host/policy/internvla/call-feeds.ts'
import { CheckpointSource } from '#host/policy/internvla/model-source.ts'
import { openOrtSession, tensorOf } from '#host/policy/runner/ort-session.ts'
import type { Call } from './mid-size.ts'

export interface Timing {
  /** Milliseconds of each call. */
  readonly times: readonly number[]
  readonly actions: readonly number[]
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

/** With the runner's own options, in this process, after one call that is not counted. */
export async function timeOurs(
  folder: string,
  call: Call,
  threads: number,
  repeats: number,
): Promise<Timing> {
  await using source = unwrap(await CheckpointSource.open(folder))
  // As the program opens it: without what is padding for this instruction.
  const room = roomOf(internVla.views, call.textTokens)
  const graph = unwrap(
    await source.graph({ part: 'mono', isTraced: false, hasForesight: false, room, dialect: 'cpu' }),
  )
  const session = unwrap(
    await openOrtSession({
      ...graph,
      sidecars: [],
      provider: 'cpu',
      threads,
      hasPrepacking: true,
      keep: [],
    }),
  )
  const inputs = unwrap(callFeeds(source.model, await inputsOf(source, call), room))
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, tensorOf(value)]))
  const once = async (): Promise<readonly number[]> => {
    const { actions } = unwrap(await session.run(feeds, null))
    if (actions?.type !== 'float32') throw new Error('no actions')
    return [...actions.data]
  }
  const actions = await once()
  const times: number[] = []
  for (let index = 0; index < repeats; index++) {
    const began = performance.now()
    await once()
    times.push(performance.now() - began)
  }
  await session.close()
  return { times, actions }
}

async function inputsOf(source: CheckpointSource, call: Call) {
  const side = source.model.trunk.inputSide
  const size = 3 * side * side
  const picture = (index: number) => ({
    width: side,
    height: side,
    planes: call.images.subarray(index * size, (index + 1) * size),
  })
  return {
    views: Array.from({ length: internVla.views }, (_, view) => ({
      past: picture(2 * view),
      present: picture(2 * view + 1),
    })),
    textRows: unwrap(await source.textRows(call.ids)),
    textTokens: call.textTokens,
    state: call.state,
    noise: call.noise,
    guide: {
      target: new Float32Array(call.noise.length),
      weight: new Float32Array(source.model.trunk.dims.chunk),
    },
  }
}
