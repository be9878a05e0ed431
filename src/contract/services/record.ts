/** Takes: an episode being recorded, its journal, and what becomes of it. Served by the rig host. */
import { z } from 'zod'
import { call, defineService, sink, stream } from '../rpc/define.ts'
import { bytes, fault, nothing, outcome, safeName, timeUs } from './common.ts'

export const datasetChoice = z.object({
  /** Folder name under the data directory, or an absolute path of a dataset opened elsewhere. */
  dataset: safeName.or(z.string().regex(/^([A-Za-z]:\\|\/)/u)),
  task: z.string().min(1).max(500),
  operator: z.string().max(80),
  /** Takes wanted in this session, for "24 of 50". */
  goal: z.number().int().positive().nullable(),
})
export type DatasetChoice = z.infer<typeof datasetChoice>

export const takeSummary = z.object({
  takeId: z.string(),
  number: z.number().int(),
  task: z.string(),
  frames: z.number().int(),
  seconds: z.number(),
  outcome,
  /** Rows and video that a kill -9 cannot take away any more. */
  flushedFrames: z.number().int(),
  repeats: z.record(z.string(), z.number()),
})
export type TakeSummary = z.infer<typeof takeSummary>

export const recordPhase = z.enum(['none', 'ready', 'recording', 'closed'])

export const recordState = z.object({
  timeUs,
  phase: recordPhase,
  dataset: z
    .object({ dir: z.string(), name: z.string(), episodes: z.number().int(), fps: z.number() })
    .nullable(),
  task: z.string(),
  operator: z.string(),
  goal: z.number().nullable(),
  /** The open or just closed take. */
  take: takeSummary.extend({ t0Us: timeUs, closedBy: fault.nullable() }).nullable(),
  saving: z.array(z.object({ takeId: z.string(), number: z.number().int() })),
  session: z.array(
    z.object({
      takeId: z.string(),
      number: z.number().int(),
      outcome,
      state: z.enum(['saved', 'saving', 'trash', 'failed']),
    }),
  ),
  /** Why a take cannot start, or null. */
  blocker: fault.nullable(),
  /** Takes found on disk from a run that died. */
  recovered: z.array(takeSummary),
  trash: z.number().int(),
  /** The newest failure to save, until a save works; the take is still on disk. */
  failure: fault.nullable(),
  diskSecondsLeft: z.number().nullable(),
})
export type RecordState = z.infer<typeof recordState>

export const captureOrder = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    takeId: z.string(),
    t0Us: timeUs,
    fps: z.number(),
    cameras: z.array(z.object({ name: z.string(), width: z.number(), height: z.number() })),
    keyInterval: z.number().int(),
  }),
  /** `frames` rows exist: frames 0…frames−1 are wanted, later ones are not. */
  z.object({ kind: z.literal('stop'), takeId: z.string(), frames: z.number().int() }),
])
export type CaptureOrder = z.infer<typeof captureOrder>

export const videoItem = z.object({
  frameIndex: z.number().int().nonnegative(),
  isKey: z.boolean(),
  /** One H.264 access unit, length-prefixed (avcC) as WebCodecs gives it with `avc: { format: 'avc' }`. */
  data: bytes,
  /** When the picture was taken, rig clock, with the offset's uncertainty. */
  captureUs: timeUs,
  uncertaintyUs: z.number(),
  /** The same picture as the frame before, because no newer one had come. */
  isRepeat: z.boolean(),
  /** Counts of 8-bit values of a spatially thinned picture, 256 for R, then G, then B; present on sampled frames. */
  histogram: z.instanceof(Uint32Array).optional(),
})
export type VideoItem = z.infer<typeof videoItem>

export const record = defineService('record', {
  choose: call(datasetChoice, nothing),
  start: call(nothing, z.object({ takeId: z.string() })),
  /** Ends the take and saves it, with the outcome it was labelled with when null; the next one may start at once. */
  save: call(z.object({ outcome: outcome.nullable() }), nothing),
  /** Ends the take, if open, and moves it to the trash. */
  discard: call(nothing, nothing),
  undoDiscard: call(nothing, nothing),
  /** Outcome of the open or closed take, else of the last saved one. */
  setOutcome: call(z.object({ outcome }), nothing),
  keepRecovered: call(z.object({ takeId: z.string() }), nothing),
  discardRecovered: call(z.object({ takeId: z.string() }), nothing),
  state: stream(nothing, recordState, 'latest'),
  /** For the capturing page; ends that page's claim to capture when closed. */
  orders: stream(nothing, captureOrder, 'lossless'),
  /** One per camera and take. `description` is the avcC record. */
  video: sink(
    z.object({
      takeId: z.string(),
      camera: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      description: bytes,
      codec: z.string(),
    }),
    videoItem,
  ),
})
