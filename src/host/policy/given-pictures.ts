/** Pictures of files or tests, of any size, as a policy takes them. */
import { fits, padResize } from '#core/policy/pad-resize.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { PictureMessage } from '#contract/services/policy.ts'
import type { CameraSpec } from '#core/policy/policy-contract.ts'
import type { Picture, PictureNeed } from './policy.ts'

/**
 * @param given one picture per camera of the contract; a camera left out leaves its slot empty
 * @returns `policy/wrong-shape` for a picture whose bytes do not fit its size, or that has another size than a policy without pad-resize takes
 */
export function givenPictures(
  given: readonly PictureMessage[],
  cameras: readonly CameraSpec[],
  need: PictureNeed,
): Result<Readonly<Record<string, Picture>>> {
  const pictures: Record<string, Picture> = {}
  for (const { camera, width, height, rgb } of given) {
    const spec = cameras.find(({ name }) => name === camera)
    if (spec === undefined) return misfit(`the policy has no camera ${camera}`, camera)
    if (rgb.length !== 3 * width * height)
      return misfit(`${camera}: ${rgb.length} bytes are no picture of ${width}×${height}`, camera)
    if (need.side !== null) {
      if (!fits(need.side, width, height))
        return misfit(`${camera}: nothing is left of ${width}×${height} in ${need.side}×${need.side}`, camera)
      const planes = padResize({ width, height, data: rgb }, need.side)
      pictures[camera] = { width: need.side, height: need.side, planes }
      continue
    }
    if (width !== spec.width || height !== spec.height)
      return misfit(`${camera} is ${width}×${height}, not ${spec.width}×${spec.height}`, camera)
    pictures[camera] = { width, height, planes: planesOf(rgb, width * height) }
  }
  return ok(pictures)
}

/** Interleaved bytes as planes 0…1. */
function planesOf(rgb: Uint8Array, pixels: number): Float32Array {
  const planes = new Float32Array(3 * pixels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++)
      planes[colour * pixels + pixel] = (rgb[3 * pixel + colour] ?? 0) / 255
  }
  return planes
}

const misfit = (message: string, camera: string) => fail('policy/wrong-shape', message, { camera })
