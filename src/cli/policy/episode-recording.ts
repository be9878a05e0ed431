/** One episode of a dataset on disk, as a policy that is run over it wants it. */
import { join } from 'node:path'
import { actionKey, stateKey } from '#core/dataset/feature.ts'
import { fillTemplate } from '#core/dataset/layout.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { recordedVectors, type RecordedColumn } from '#core/policy/recorded-vectors.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import { cameraName } from '#host/library/dataset-summary.ts'
import { readEpisodeRows } from '#host/library/episode-rows.ts'
import { EpisodeStills, stillsOf } from '#host/library/episode-stills.ts'
import { openDataset } from '#host/shared/dataset/open-dataset.ts'
import type { DatasetContents, EpisodeEntry } from '#host/shared/dataset/read-dataset.ts'
import type { FrameRange } from '../video/ffmpeg-frames.ts'
import type { StillRange } from '../video/still-frames.ts'

export interface EpisodeRecording {
  readonly fps: number
  readonly frames: number
  readonly task: string
  /** Of the take it came from; null for an episode of another program. */
  readonly takeId: string | null
  /** Row-major, the policy's order and units. */
  readonly states: Float64Array
  readonly actions: Float64Array
  /** By camera of the dataset, without LeRobot's prefix: a part of a video, or pictures in the rows. */
  readonly cameras: Readonly<Record<string, FrameRange | StillRange>>
}

/** Fails with the dataset's codes, or `policy/contract-mismatch` when the columns cannot be converted. */
export async function readEpisodeRecording(
  dir: string,
  episodeIndex: number,
  contract: PolicyContract,
  joints: Readonly<Record<string, string>>,
): Promise<Result<EpisodeRecording>> {
  const contents = await openDataset(dir)
  if (!contents.ok) return contents
  const episode = contents.value.episodes[episodeIndex]
  if (episode === undefined)
    return fail('dataset/not-found', `${dir} has no episode ${episodeIndex}`, { path: dir, episodeIndex })
  const { info, units } = contents.value
  const rows = await readEpisodeRows(contents.value, episode)
  if (!rows.ok) return rows
  const vectors = (key: string, channels: PolicyContract['state']): Result<Float64Array> => {
    const column = rows.value.find(({ name }) => name === key)
    if (column === undefined) return fail('policy/contract-mismatch', `the dataset has no ${key}`, { key })
    const unitOf = (name: string): string | null => units?.[name] ?? units?.[bare(name)] ?? null
    const recorded: RecordedColumn = {
      ...column,
      units: Array.from({ length: column.width }, (_, at) => unitOf(column.names[at] ?? '')),
    }
    return recordedVectors(channels, recorded, joints)
  }
  const states = vectors(stateKey, contract.state)
  if (!states.ok) return states
  const actions = vectors(actionKey, contract.action)
  if (!actions.ok) return actions
  return ok({
    fps: info.fps,
    frames: episode.length,
    task: episode.tasks[0] ?? '',
    takeId: episode.evidence?.takeId ?? null,
    states: states.value,
    actions: actions.value,
    cameras: { ...stillRanges(contents.value, episode), ...videosOf(contents.value, episode) },
  })
}

const bare = (name: string): string => name.replace(/\.pos$/u, '')

function videosOf({ root, info }: DatasetContents, episode: EpisodeEntry): Record<string, FrameRange> {
  const ranges = Object.entries(episode.videos).map(([key, span]) => {
    const [height = 0, width = 0] = info.features[key]?.shape ?? []
    const range = {
      path: join(root, fillTemplate(info.videoPath ?? '', span.slot, key)),
      fromS: span.fromTimestamp,
      toS: span.toTimestamp,
      fps: info.fps,
      width,
      height,
    }
    return [cameraName(key), range] as const
  })
  return Object.fromEntries(ranges)
}

function stillRanges(contents: DatasetContents, episode: EpisodeEntry): Record<string, StillRange> {
  const { features } = contents.info
  const stills = new EpisodeStills()
  const sizes = new Map(Object.entries(features).map(([key, { shape }]) => [cameraName(key), shape]))
  const ranges = stillsOf(contents, episode).map(({ camera, frames }) => {
    const [height = 0, width = 0] = sizes.get(camera) ?? []
    async function* pictures(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let frame = 0; frame < frames; frame++) {
        const picture = await stills.read(contents, episode, camera, frame)
        if (!picture.ok) throw new FaultError(picture.error)
        yield picture.value
      }
    }
    return [camera, { path: camera, width, height, pictures }] as const
  })
  return Object.fromEntries(ranges)
}
