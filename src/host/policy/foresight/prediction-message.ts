/** A decoded prediction as the page gets it: bytes by camera of the contract, with the moment that is predicted. */
import type { Prediction } from '#contract/services/pictures.ts'
import type { ForesightNote } from '../foresight-sink.ts'
import type { Picture } from '../policy.ts'

export function predictionOf(note: ForesightNote): Prediction {
  const { policyId, chunkId, observationUs, fps, readyMs, foresight } = note
  return {
    policyId,
    chunkId,
    observationUs,
    dueUs: Math.round(observationUs + (1e6 * foresight.horizonTicks) / fps),
    readyMs,
    decodeMs: foresight.decodeMs,
    views: foresight.views.map(({ camera, picture }) => ({
      camera,
      width: picture.width,
      height: picture.height,
      rgb: bytesOf(picture),
    })),
  }
}

/** Interleaved red, green, blue. */
function bytesOf({ width, height, planes }: Picture): Uint8Array<ArrayBuffer> {
  const pixels = width * height
  const rgb = new Uint8Array(3 * pixels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = planes[colour * pixels + pixel] ?? 0
      rgb[3 * pixel + colour] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
  return rgb
}
