/** What lists of datasets and episodes show, from what was read of them. */
import { basename } from 'node:path'
import type { DatasetSummary, EpisodeSummary } from '#contract/services/library.ts'
import { imagePrefix } from '#core/dataset/feature.ts'
import type { Fault } from '#core/result.ts'
import type { DatasetContents, EpisodeEntry } from '../shared/dataset/read-dataset.ts'
import { folderBytes } from '../shared/folder-bytes.ts'
import { deleteBlocker } from './delete-blocker.ts'

const plainFault = (fault: Fault): NonNullable<DatasetSummary['fault']> => ({
  code: fault.code,
  message: fault.message,
  data: { ...fault.data },
})

/** Last part of a camera's key, e.g. `front`. */
export const cameraName = (key: string): string =>
  key.startsWith(imagePrefix) ? key.slice(imagePrefix.length) : key

export async function summariseDataset(contents: DatasetContents): Promise<DatasetSummary> {
  const { root, info, tasks } = contents
  const blocker = deleteBlocker(contents)
  const isPicture = (key: string): boolean => ['video', 'image'].includes(info.features[key]?.dtype ?? '')
  return {
    dir: root,
    name: basename(root),
    robotType: info.robotType,
    fps: info.fps,
    episodes: info.totalEpisodes,
    frames: info.totalFrames,
    cameras: Object.keys(info.features).filter(isPicture).map(cameraName),
    tasks: [...tasks],
    sizeBytes: await folderBytes(root),
    fault: null,
    readOnly: blocker === null ? null : plainFault(blocker),
  }
}

/** A folder that does not open is listed all the same, with the reason. */
export function summariseFault(root: string, fault: Fault): DatasetSummary {
  return {
    dir: root,
    name: basename(root),
    robotType: null,
    fps: 0,
    episodes: 0,
    frames: 0,
    cameras: [],
    tasks: [],
    sizeBytes: 0,
    fault: plainFault(fault),
    readOnly: plainFault(fault),
  }
}

export function summariseEpisode(episode: EpisodeEntry, fps: number): EpisodeSummary {
  const { evidence } = episode
  return {
    episodeIndex: episode.episodeIndex,
    frames: episode.length,
    seconds: episode.length / fps,
    tasks: [...episode.tasks],
    outcome: evidence?.outcome ?? 'unlabelled',
    operator: evidence?.operator ?? '',
    sourceSeconds: evidence?.seconds ?? null,
    achievedHz: evidence?.achievedHz ?? null,
    repeats: evidence === null ? null : { ...evidence.repeats },
    skewP50Ms: evidence?.skewP50Ms ?? null,
    skewP95Ms: evidence?.skewP95Ms ?? null,
    surpriseMax: evidence?.surprise?.max ?? null,
    calibrationHash: evidence?.calibrationHash ?? null,
    policy: evidence === null || evidence.policy === '' ? null : evidence.policy,
  }
}
