/** One entry of info.json's `features`, as LeRobot writes it (spec/lerobot.md §1.3). */
export interface VideoInfo {
  readonly [key: string]: unknown
}

export interface Feature {
  /** A numpy dtype name, or `string`, `image`, `video`, `language`. */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly names: readonly string[] | null
  /** Only on videos. */
  readonly info?: VideoInfo
}

/** Key → feature; the order of keys is the order of columns. */
export type Features = Readonly<Record<string, Feature>>

export const stateKey = 'observation.state'
export const actionKey = 'action'
export const imagePrefix = 'observation.images.'
export const requestedKey = 'foresight.action_requested'
export const sourceKey = 'foresight.source'
export const interventionKey = 'intervention'
/** How far what came was from what the policy had foreseen, 0 upwards; `noSurprise` where nothing was compared. */
export const surpriseKey = 'foresight.surprise'
/** Not NaN: LeRobot's merge turns that into null, and a null into an item that no data loader can collate. */
export const noSurprise = -1
export const readTimeKey = 'foresight.read_ns'
export const captureTimePrefix = 'foresight.capture_ns.'

export const imageKey = (camera: string): string => imagePrefix + camera
export const captureTimeKey = (camera: string): string => captureTimePrefix + camera

/** The five columns every LeRobot dataset ends with, in LeRobot's order. */
export const defaultFeatures: Features = {
  timestamp: { dtype: 'float32', shape: [1], names: null },
  frame_index: { dtype: 'int64', shape: [1], names: null },
  episode_index: { dtype: 'int64', shape: [1], names: null },
  index: { dtype: 'int64', shape: [1], names: null },
  task_index: { dtype: 'int64', shape: [1], names: null },
}

/** Keys of the cameras stored as video, in order. */
export function videoKeys(features: Features): string[] {
  return Object.keys(features).filter((key) => features[key]?.dtype === 'video')
}

/** Values per row of a numeric feature. */
export function featureSize(feature: Pick<Feature, 'shape'>): number {
  return feature.shape.reduce((product, n) => product * n, 1)
}
