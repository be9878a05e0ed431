/** An observation that every policy of a contract accepts: for warming up and for measuring, never for moving an arm. */
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import type { Observation, Picture, PictureNeed } from './policy.ts'

const product = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1)

const grey = (width: number, height: number): Picture => ({
  width,
  height,
  planes: new Float32Array(3 * width * height).fill(0.5),
})

/** Numbers at zero unless `state` is given, pictures grey, seed 0, so that every call computes the same. */
export function neutralObservation(
  { state, extras, cameras }: PolicyContract,
  need: PictureNeed | null,
  timeUs: number,
  given: { readonly state?: Float32Array; readonly task?: string } = {},
): Observation {
  const pictures =
    need === null
      ? {}
      : Object.fromEntries(
          cameras.map(({ name, width, height }) => [
            name,
            need.side === null ? grey(width, height) : grey(need.side, need.side),
          ]),
        )
  return {
    timeUs,
    state: given.state ?? new Float32Array(state.length),
    extras: Object.fromEntries(extras.map(({ name, shape }) => [name, new Float32Array(product(shape))])),
    pictures,
    past: need !== null && need.historyTicks > 0 ? pictures : {},
    task: given.task ?? '',
    guide: null,
    seed: 0,
  }
}
