/** Episodes and datasets as the library host tells them. */
import type { DatasetSummary, EpisodeDetail, EpisodeSummary } from '#contract/services/library.ts'

export const episode = (episodeIndex: number, part: Partial<EpisodeSummary> = {}): EpisodeSummary => ({
  episodeIndex,
  frames: 300 + episodeIndex,
  seconds: (300 + episodeIndex) / 30,
  tasks: ['Put the red cube in the bin'],
  outcome: 'unlabelled',
  operator: 'Lin',
  sourceSeconds: { hold: 0, human: 6, policy: 3, blend: 1 },
  achievedHz: 29.9,
  repeats: { front: 0, top: 0 },
  skewP50Ms: 3,
  skewP95Ms: 7,
  surpriseMax: 0.31,
  calibrationHash: '9f3c77a1',
  policy: null,
  ...part,
})

export const foreign = (episodeIndex: number): EpisodeSummary =>
  episode(episodeIndex, {
    operator: '',
    sourceSeconds: null,
    achievedHz: null,
    repeats: null,
    skewP50Ms: null,
    skewP95Ms: null,
    surpriseMax: null,
    calibrationHash: null,
  })

export const dataset = (name: string, part: Partial<DatasetSummary> = {}): DatasetSummary => ({
  dir: `/data/datasets/${name}`,
  name,
  robotType: 'so_follower',
  fps: 30,
  episodes: 4,
  frames: 1200,
  cameras: ['front', 'top'],
  tasks: ['Put the red cube in the bin'],
  sizeBytes: 4_000_000,
  fault: null,
  readOnly: null,
  ...part,
})

export type Column = EpisodeDetail['columns'][number]

export const column = (
  name: string,
  names: readonly string[],
  rows: readonly (readonly number[])[],
): Column => ({
  name,
  width: rows[0]?.length ?? names.length,
  names: [...names],
  values: Float64Array.from(rows.flat()),
})

const joints = ['shoulder_pan.pos', 'gripper.pos']

/** Four frames of two joints: human, human, policy, policy; the second frame's goal was limited. */
export const ownDetail = (summary: EpisodeSummary = episode(0, { frames: 4 })): EpisodeDetail => ({
  summary,
  fps: 30,
  columns: [
    column('action', joints, [
      [0, 50],
      [5, 50],
      [8, 50],
      [9, 50],
    ]),
    column('observation.state', joints, [
      [0, 50],
      [4, 51],
      [7, 52],
      [9, 53],
    ]),
    column('foresight.action_requested', joints, [
      [0, 50],
      [30, 50],
      [8, 50],
      [9, 50],
    ]),
    column('foresight.source', [], [[1], [1], [2], [2]]),
    column('foresight.read_ns', [], [[1e9], [1.033e9], [1.066e9], [1.1e9]]),
    column('foresight.capture_ns.front', [], [[0.997e9], [1.031e9], [1.031e9], [1.102e9]]),
  ],
  videos: [],
  stills: [],
})

/** As another program writes it: no side columns. */
export const foreignDetail = (summary: EpisodeSummary = foreign(0)): EpisodeDetail => ({
  summary: { ...summary, frames: 4 },
  fps: 30,
  columns: [
    column('action', joints, [
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ]),
    column('observation.state', joints, [
      [0, 10],
      [10, 10],
      [20, 10],
      [30, 10],
    ]),
  ],
  videos: [],
  stills: [],
})
