/** Datasets on disk: list, read, label, delete with undo. Served by the library host. */
import { z } from 'zod'
import { call, defineService, stream } from '../rpc/define.ts'
import { bytes, fault, nothing, outcome } from './common.ts'

export const datasetSummary = z.object({
  dir: z.string(),
  name: z.string(),
  robotType: z.string().nullable(),
  fps: z.number(),
  episodes: z.number().int(),
  frames: z.number().int(),
  cameras: z.array(z.string()),
  tasks: z.array(z.string()),
  sizeBytes: z.number(),
  /** Null when it opens; else why not. */
  fault: fault.nullable(),
  /** Why episodes of this set cannot be deleted here, or null. */
  readOnly: fault.nullable(),
})
export type DatasetSummary = z.infer<typeof datasetSummary>

export const episodeSummary = z.object({
  episodeIndex: z.number().int(),
  frames: z.number().int(),
  seconds: z.number(),
  tasks: z.array(z.string()),
  outcome,
  operator: z.string(),
  /** Seconds per source, when recorded here. */
  sourceSeconds: z
    .object({ hold: z.number(), human: z.number(), policy: z.number(), blend: z.number() })
    .nullable(),
  achievedHz: z.number().nullable(),
  repeats: z.record(z.string(), z.number()).nullable(),
  skewP50Ms: z.number().nullable(),
  skewP95Ms: z.number().nullable(),
  /** Highest surprise; null where nothing was foreseen and compared. */
  surpriseMax: z.number().nullable(),
  calibrationHash: z.string().nullable(),
  policy: z.string().nullable(),
})
export type EpisodeSummary = z.infer<typeof episodeSummary>

export const columnData = z.object({
  name: z.string(),
  /** Values per frame. */
  width: z.number().int(),
  names: z.array(z.string()),
  /** Row-major [frames, width]. */
  values: z.instanceof(Float64Array),
})

export const episodeDetail = z.object({
  summary: episodeSummary,
  fps: z.number(),
  columns: z.array(columnData),
  videos: z.array(
    z.object({
      camera: z.string(),
      /** Path inside the dataset, for `readBytes`. */
      file: z.string(),
      /** Null when the file is not there: the rows are shown all the same. */
      sizeBytes: z.number().nullable(),
      fromSeconds: z.number(),
      toSeconds: z.number(),
    }),
  ),
  /** Cameras whose pictures lie in the rows, for `readPicture`. */
  stills: z.array(z.object({ camera: z.string(), frames: z.number().int() })),
})
export type EpisodeDetail = z.infer<typeof episodeDetail>

const episodeRef = z.object({ dir: z.string(), episodeIndex: z.number().int().nonnegative() })

export const library = defineService('library', {
  datasets: call(nothing, z.array(datasetSummary)),
  /** Reads a folder anywhere; it stays in the list until closed. */
  open: call(z.object({ dir: z.string() }), datasetSummary),
  close: call(z.object({ dir: z.string() }), nothing),
  episodes: call(z.object({ dir: z.string() }), z.array(episodeSummary)),
  episode: call(episodeRef, episodeDetail),
  /** A byte range of a video file inside the dataset; 4 MiB at most. */
  readBytes: call(
    z.object({
      dir: z.string(),
      file: z.string(),
      offset: z.number().int(),
      length: z
        .number()
        .int()
        .max(4 * 1024 * 1024),
    }),
    bytes,
  ),
  /** One picture of a camera in `stills`, as it is stored: a whole PNG or JPEG file. */
  readPicture: call(episodeRef.extend({ camera: z.string(), frame: z.number().int().nonnegative() }), bytes),
  setOutcome: call(episodeRef.extend({ outcome }), nothing),
  deleteEpisode: call(episodeRef, nothing),
  /** Puts back the last deleted episode of this dataset; null when the trash is empty. */
  undoDelete: call(z.object({ dir: z.string() }), z.object({ episodeIndex: z.number().int() }).nullable()),
  /** Bumped whenever datasets change on disk through us. */
  changes: stream(nothing, z.object({ revision: z.number().int() }), 'latest'),
})
