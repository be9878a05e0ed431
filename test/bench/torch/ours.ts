/** Our graph of a folder of random weights, and how long a call of it takes. */
import { roomOf } from '#core/policy/internvla/sequence-room.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import type { Result } from '#core/result.ts'
import { callFeeds } from '#host/policy/internvla/call-feeds.ts'
import { InternVlaEngine } from '#host/policy/internvla/engine.ts'
import { CheckpointSource } from '#host/policy/internvla/model-source.ts'
import { providerEnvironment } from '#host/policy/providers/probe-provider.ts'
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

/** As the program computes it: in a runner of its own, opened for this instruction; after one call that is not counted. */
export async function timeOurs(
  folder: string,
  call: Call,
  threads: number,
  repeats: number,
): Promise<Timing> {
  await using source = unwrap(await CheckpointSource.open(folder))
  const room = roomOf(internVla.views, call.textTokens)
  await using engine = unwrap(
    await InternVlaEngine.open(source, {
      provider: 'cpu',
      env: providerEnvironment('cpu', []),
      threads,
      hasPrepacking: true,
      hasForesight: false,
      isTraced: false,
      room,
    }),
  )
  const feeds = unwrap(callFeeds(source.model, await inputsOf(source, call), room))
  const first = unwrap(await engine.run(feeds)).outputs['actions']
  if (first?.type !== 'float32') throw new Error('no actions')
  const times: number[] = []
  for (let index = 0; index < repeats; index++) times.push(unwrap(await engine.run(feeds)).computeMs)
  return { times, actions: [...first.data] }
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
