/** The dataset that takes go to: where it is, and which rig it was checked against. */
import { isAbsolute, join } from 'node:path'
import type { DatasetChoice } from '#contract/services/record.ts'
import { ok, type Result } from '#core/result.ts'
import { openForRecording } from '../../shared/dataset/create-dataset.ts'
import { type RecordingRig, rigCharter, rigInfo } from './recording-rig.ts'

export interface ChosenDataset {
  readonly dir: string
  readonly name: string
  /** Saved episodes. */
  episodes: number
  readonly fps: number
  readonly choice: DatasetChoice
  /** Another rig needs another check. */
  readonly rig: RecordingRig
}

/** Opens the chosen dataset, made when it does not exist. Codes: those of `rigInfo` and `openForRecording`. */
export async function chooseDataset(
  choice: DatasetChoice,
  rig: RecordingRig,
  { dataDir, software }: { readonly dataDir: string; readonly software: string },
): Promise<Result<ChosenDataset>> {
  const info = rigInfo(rig)
  if (!info.ok) return info
  const dir = isAbsolute(choice.dataset) ? choice.dataset : join(dataDir, 'datasets', choice.dataset)
  const opened = await openForRecording(dir, info.value, rigCharter(rig, software))
  if (!opened.ok) return opened
  const { fps, totalEpisodes } = opened.value.info
  return ok({ dir, name: choice.dataset, episodes: totalEpisodes, fps, choice, rig })
}
