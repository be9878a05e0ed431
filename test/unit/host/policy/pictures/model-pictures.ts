/** Pictures as the capturing page sends them: one brightness all over, told by what the camera shows. */
import type { ModelPicture } from '#contract/services/pictures.ts'
import type { PictureWish } from '#host/policy/picture-source.ts'

export const tickUs = 1e6 / 30
const side = 8

export const wishOf = (cameras: PictureWish['cameras'], historyTicks = 15): PictureWish => ({
  policyId: 'own/seer',
  need: { side, historyTicks },
  fps: 30,
  cameras,
})

/** @param level 0…65535 */
export const modelPicture = (camera: string, captureUs: number, level: number): ModelPicture => ({
  camera,
  captureUs,
  uncertaintyUs: 200,
  width: side,
  height: side,
  sourceWidth: side,
  sourceHeight: side,
  planes: new Uint16Array(3 * side * side).fill(level),
})
