/**
 * meta/info.json (spec/lerobot.md §1.2). Reading tells apart what is no dataset, what is older or newer than v3, and what
 * is damaged; keys that we do not know are kept and written back.
 */
import { fail, ok, type Result } from '../result.ts'
import { featureSize, type Feature, type Features } from './feature.ts'
import { dataTemplate, defaultChunksSize, videoTemplate } from './layout.ts'

export const codebaseVersion = 'v3.0'

export interface DatasetInfo {
  readonly codebaseVersion: string
  readonly fps: number
  readonly features: Features
  readonly totalEpisodes: number
  readonly totalFrames: number
  readonly totalTasks: number
  readonly chunksSize: number
  readonly dataFilesSizeMb: number
  readonly videoFilesSizeMb: number
  readonly dataPath: string
  readonly videoPath: string | null
  readonly robotType: string | null
  /** `names` that are no list, by feature, as other programs write them: `{"motors": ["shoulder_pan", …]}`. */
  readonly otherNames: Readonly<Record<string, unknown>>
  /** Keys of the file that this program does not use. */
  readonly otherKeys: Readonly<Record<string, unknown>>
}

export function newInfo(fps: number, features: Features, robotType: string): DatasetInfo {
  return {
    codebaseVersion,
    fps,
    features,
    totalEpisodes: 0,
    totalFrames: 0,
    totalTasks: 0,
    chunksSize: defaultChunksSize,
    dataFilesSizeMb: 100,
    videoFilesSizeMb: 200,
    dataPath: dataTemplate,
    videoPath: videoTemplate,
    robotType,
    otherNames: {},
    otherKeys: {},
  }
}

/** The text of info.json as LeRobot formats it: four spaces, its order of keys. */
export function serialiseInfo(info: DatasetInfo): string {
  const features = Object.entries(info.features).map(([key, feature]) => [
    key,
    Object.hasOwn(info.otherNames, key) ? { ...feature, names: info.otherNames[key] } : feature,
  ])
  const json = {
    codebase_version: info.codebaseVersion,
    fps: info.fps,
    features: Object.fromEntries(features),
    total_episodes: info.totalEpisodes,
    total_frames: info.totalFrames,
    total_tasks: info.totalTasks,
    chunks_size: info.chunksSize,
    data_files_size_in_mb: info.dataFilesSizeMb,
    video_files_size_in_mb: info.videoFilesSizeMb,
    data_path: info.dataPath,
    video_path: info.videoPath,
    robot_type: info.robotType,
    splits: info.totalEpisodes > 0 ? { train: `0:${info.totalEpisodes}` } : {},
    ...info.otherKeys,
  }
  return JSON.stringify(json, null, 4)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0

/** A list of names, or the lists of a record one after another where they name every value. */
function namesOf(names: unknown, shape: readonly number[]): string[] | null {
  if (Array.isArray(names)) return names.map(String)
  if (!isRecord(names)) return null
  const all = Object.values(names).flat().map(String)
  return all.length === featureSize({ shape }) ? all : null
}

/**
 * Reads the text of info.json. Codes: `dataset/not-a-dataset` (not JSON of that kind), `dataset/older` (v2 and before),
 * `dataset/newer` (v4 and later), `dataset/damaged` (a v3 with impossible content).
 */
export function parseInfo(text: string): Result<DatasetInfo> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('dataset/damaged', 'meta/info.json is not JSON')
  }
  if (!isRecord(json) || typeof json['codebase_version'] !== 'string')
    return fail('dataset/not-a-dataset', 'meta/info.json names no codebase_version')
  const version = json['codebase_version']
  const major = Number(/^v?(\d+)/.exec(version)?.[1])
  if (!Number.isInteger(major))
    return fail('dataset/not-a-dataset', `codebase_version "${version}" is no version`)
  if (major > 3) return fail('dataset/newer', `the dataset is ${version}; this program reads v3`, { version })
  if (major < 3) return fail('dataset/older', `the dataset is ${version}; this program reads v3`, { version })
  return parseVersion3(json, version)
}

function parseVersion3(json: Record<string, unknown>, version: string): Result<DatasetInfo> {
  const damaged = (what: string): Result<never> => fail('dataset/damaged', `meta/info.json: ${what}`)
  const {
    codebase_version: _version,
    fps,
    features,
    total_episodes: totalEpisodes,
    total_frames: totalFrames,
    total_tasks: totalTasks,
    chunks_size: chunksSize,
    data_files_size_in_mb: dataMb,
    video_files_size_in_mb: videoMb,
    data_path: dataPath,
    video_path: videoPath,
    robot_type: robotType,
    splits: _splits,
    ...otherKeys
  } = json
  if (typeof fps !== 'number' || !(fps > 0)) return damaged('fps is not a positive number')
  if (!isCount(totalEpisodes) || !isCount(totalFrames)) return damaged('totals are not counts')
  if (typeof dataPath !== 'string') return damaged('data_path is missing')
  if (!isRecord(features)) return damaged('features are missing')
  const parsed: Record<string, Feature> = {}
  const otherNames: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(features)) {
    if (!isRecord(value) || typeof value['dtype'] !== 'string' || !Array.isArray(value['shape']))
      return damaged(`feature "${key}" has no dtype or shape`)
    const names = value['names']
    const shape = value['shape'].map(Number)
    parsed[key] = { ...value, dtype: value['dtype'], shape, names: namesOf(names, shape) }
    if (isRecord(names)) otherNames[key] = names
  }
  return ok({
    codebaseVersion: version,
    fps,
    features: parsed,
    totalEpisodes,
    totalFrames,
    totalTasks: isCount(totalTasks) ? totalTasks : 0,
    chunksSize: isCount(chunksSize) && chunksSize > 0 ? chunksSize : defaultChunksSize,
    dataFilesSizeMb: typeof dataMb === 'number' ? dataMb : 100,
    videoFilesSizeMb: typeof videoMb === 'number' ? videoMb : 200,
    dataPath,
    videoPath: typeof videoPath === 'string' ? videoPath : null,
    robotType: typeof robotType === 'string' ? robotType : null,
    otherNames,
    otherKeys,
  })
}
