/** What the recorder is told about the rig it records: the shape of a row, its units, and where the extra values come from. */
import { newInfo, type DatasetInfo } from '#core/dataset/info.ts'
import { type RecordingSpec, recordingFeatures } from '#core/dataset/recording-features.ts'
import { ok, type Result } from '#core/result.ts'
import type { DatasetCharter } from '../../shared/dataset/create-dataset.ts'
import type { ToDatasetUnits } from './row-builder.ts'

export interface RecordingRig {
  readonly spec: RecordingSpec
  /** Unit by joint name, e.g. `deg` and `0..100`. */
  readonly units: Readonly<Record<string, string>>
  readonly toDatasetUnits: ToDatasetUnits
  readonly rigHash: string
  readonly calibrationHash: string
  /** Kept in meta/foresight.json of a new dataset. */
  readonly description: Readonly<Record<string, unknown>>
  /** Reads all side channels now, one after the other; null while one has no value yet. Called in every pass of the loop. */
  readonly readSideChannels: () => readonly number[] | null
}

/** The info.json that such rows want. Code `record/rig-mismatch` when a name cannot be stored. */
export function specInfo(spec: RecordingSpec): Result<DatasetInfo> {
  const features = recordingFeatures(spec)
  return features.ok ? ok(newInfo(spec.fps, features.value, spec.robotType)) : features
}

export function rigCharter(rig: RecordingRig, software: string): DatasetCharter {
  const { rigHash, calibrationHash, description } = rig
  return {
    units: rig.units,
    rig: { ...description, hash: rigHash, calibration_hash: calibrationHash },
    software,
  }
}
