/** Model-sized pictures from the capture worker to the policy, and predicted ones back. Served by the policy host. */
import { z } from 'zod'
import { call, defineService, sink, stream } from '../rpc/define.ts'
import { nothing, timeUs } from './common.ts'

/** What the loaded policy wants from the capturing page; null while none that sees is loaded. */
export const pictureDemand = z
  .object({
    policyId: z.string(),
    /** Names of the rig's cameras, after mapping. */
    cameras: z.array(z.string()),
    /** Pictures are pad-resized to this square by `core/policy`; null sends them at `width` × `height`. */
    side: z.number().int().nullable(),
    /** Rate of the policy's own ticks, which the history counts. */
    fps: z.number(),
    /** One picture every so many ticks; divides the history. */
    everyTicks: z.number().int(),
  })
  .nullable()
export type PictureDemand = z.infer<typeof pictureDemand>

export const modelPicture = z.object({
  camera: z.string(),
  /** True capture time, machine clock, with the uncertainty of the page's clock. */
  captureUs: timeUs,
  uncertaintyUs: z.number(),
  width: z.number().int(),
  height: z.number().int(),
  /** Size of the camera's picture before it was fitted: tells what is padding. */
  sourceWidth: z.number().int().positive(),
  sourceHeight: z.number().int().positive(),
  /** Planes red, green, blue [3, height, width], 0…65535 for 0…1: finer than the models can tell, half of float32. */
  planes: z.instanceof(Uint16Array),
})
export type ModelPicture = z.infer<typeof modelPicture>

export const foresightView = z.object({
  camera: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  rgb: z.instanceof(Uint8Array),
})

/** What one chunk says the cameras will see. */
export const prediction = z.object({
  policyId: z.string(),
  chunkId: z.number().int(),
  observationUs: timeUs,
  /** The moment that is predicted. */
  dueUs: timeUs,
  /** Observation to pictures ready. */
  readyMs: z.number(),
  decodeMs: z.number(),
  views: z.array(foresightView),
})
export type Prediction = z.infer<typeof prediction>

/** A prediction whose moment has come, beside what was seen. */
export const surprise = z.object({
  policyId: z.string(),
  chunkId: z.number().int(),
  dueUs: timeUs,
  /** One number, 0 (as foreseen) upwards; its definition is in docs/foresight.md. */
  score: z.number(),
  views: z.array(
    z.object({
      camera: z.string(),
      score: z.number(),
      /** Capture minus predicted moment. */
      offsetUs: z.number(),
      /** Error 0…255, row-major. */
      mapWidth: z.number().int(),
      mapHeight: z.number().int(),
      map: z.instanceof(Uint8Array),
    }),
  ),
})
export type Surprise = z.infer<typeof surprise>

export const pictures = defineService('pictures', {
  demand: stream(nothing, pictureDemand, 'latest'),
  /** All cameras of one tick; the page sends the newest when the last was taken. */
  put: sink(nothing, z.array(modelPicture)),
  predictions: stream(nothing, prediction, 'latest'),
  surprises: stream(nothing, surprise, 'lossless'),
  /** Age of the newest picture by camera, milliseconds, for the screen. */
  ages: call(nothing, z.record(z.string(), z.number())),
})

/** The same for the rig host, which stores the score with the frames and proposes a take-over. */
export const foresightForRig = defineService('foresightForRig', {
  surprises: stream(
    nothing,
    z.object({
      policyId: z.string(),
      chunkId: z.number().int(),
      observationUs: timeUs,
      dueUs: timeUs,
      score: z.number(),
    }),
    'lossless',
  ),
})
