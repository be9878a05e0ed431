/** Decoded pictures as the page shows them: planes 0…1 by camera; slots that were empty have none. */
import type { CameraSpec } from '#core/policy/policy-contract.ts'
import type { TensorValue } from '#core/policy/tensor-value.ts'
import type { PolicyForesight } from '../policy.ts'

/**
 * @param images [views, 3, side, side], nominally −1…1; a network is not bound to stay there
 * @param filled by slot
 */
export function foresightViews(
  { shape, data }: TensorValue & { type: 'float32' },
  cameras: readonly CameraSpec[],
  filled: readonly boolean[],
): PolicyForesight['views'] {
  const [, colours = 3, height = 0, width = 0] = shape
  const size = colours * height * width
  return cameras.flatMap(({ name: camera }, slot) => {
    if (filled[slot] !== true) return []
    const planes = data
      .subarray(slot * size, (slot + 1) * size)
      .map((value) => Math.min(1, Math.max(0, (value + 1) / 2)))
    return [{ camera, picture: { width, height, planes } }]
  })
}
