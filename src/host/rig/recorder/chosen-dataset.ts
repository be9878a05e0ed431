/** The dataset that takes go to: where it is, and which rig it was checked against. */
import { isAbsolute, join } from 'node:path'
import type { DatasetChoice } from '#contract/services/record.ts'
import { surpriseKey } from '#core/dataset/feature.ts'
import type { RecordingSpec } from '#core/dataset/recording-features.ts'
import { ok, type Fault, type Result } from '#core/result.ts'
import { absent, type RigDifference } from '#core/dataset/rig-compatibility.ts'
import { openForRecording } from '../../shared/dataset/create-dataset.ts'
import { type RecordingRig, rigCharter, specInfo } from './recording-rig.ts'

export interface ChosenDataset {
  readonly dir: string
  readonly name: string
  /** Saved episodes. */
  episodes: number
  readonly fps: number
  readonly choice: DatasetChoice
  /** What its rows hold: of the rig's side channels those that it has. */
  readonly spec: RecordingSpec
  /** Another rig needs another check. */
  readonly rig: RecordingRig
}

/** Opens the chosen dataset, made when it does not exist. Codes: those of `specInfo` and `openForRecording`. */
export async function chooseDataset(
  choice: DatasetChoice,
  rig: RecordingRig,
  { dataDir, software }: { readonly dataDir: string; readonly software: string },
): Promise<Result<ChosenDataset>> {
  const dir = isAbsolute(choice.dataset) ? choice.dataset : join(dataDir, 'datasets', choice.dataset)
  const open = async (spec: RecordingSpec): Promise<Result<ChosenDataset>> => {
    const info = specInfo(spec)
    if (!info.ok) return info
    const opened = await openForRecording(dir, info.value, rigCharter(rig, software))
    if (!opened.ok) return opened
    const { fps, totalEpisodes } = opened.value.info
    return ok({ dir, name: choice.dataset, episodes: totalEpisodes, fps, choice, spec, rig })
  }
  const chosen = await open(rig.spec)
  if (chosen.ok || !lacksOnlySurprise(chosen.error)) return chosen
  return open({
    ...rig.spec,
    sideChannels: rig.spec.sideChannels.filter(({ key }) => key !== surpriseKey),
  })
}

/** Datasets begun before foresight was recorded go on as they are; the channel is the last of a row. */
function lacksOnlySurprise({ code, data }: Fault): boolean {
  const differences: unknown = data?.['differences']
  if (code !== 'record/rig-mismatch' || !Array.isArray(differences) || differences.length !== 1) return false
  const [only] = differences as readonly Partial<RigDifference>[]
  return only?.what === surpriseKey && only.dataset === absent
}
