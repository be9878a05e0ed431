/** Where LeRobot keeps calibration files (spec/lerobot.md §2.4), as a pure function of the environment. */

export interface CalibrationEnvironment {
  /** The user's home folder. */
  readonly home: string
  readonly HF_LEROBOT_CALIBRATION?: string | undefined
  readonly HF_LEROBOT_HOME?: string | undefined
  readonly HF_HOME?: string | undefined
  readonly XDG_CACHE_HOME?: string | undefined
}

/** Class names under which LeRobot has kept SO arms: the present one first, then those of older releases. */
const classNames = {
  follower: ['so_follower', 'so101_follower', 'so100_follower'],
  leader: ['so_leader', 'so101_leader', 'so100_leader'],
} as const

const folders = { follower: 'robots', leader: 'teleoperators' } as const

/** LeRobot's calibration folder. An empty variable counts as unset. */
export function calibrationRoot(env: CalibrationEnvironment): string {
  if (isSet(env.HF_LEROBOT_CALIBRATION)) return env.HF_LEROBOT_CALIBRATION
  if (isSet(env.HF_LEROBOT_HOME)) return `${env.HF_LEROBOT_HOME}/calibration`
  if (isSet(env.HF_HOME)) return `${env.HF_HOME}/lerobot/calibration`
  const cache = isSet(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : `${env.home}/.cache`
  return `${cache}/huggingface/lerobot/calibration`
}

/** Folders that may hold calibrations of SO arms of this role, most recent naming first. */
export const calibrationFolders = (
  env: CalibrationEnvironment,
  role: 'follower' | 'leader',
): readonly string[] => classNames[role].map((name) => `${calibrationRoot(env)}/${folders[role]}/${name}`)

/** Files to try for the arm that LeRobot knows as `id`. */
export const calibrationFiles = (
  env: CalibrationEnvironment,
  role: 'follower' | 'leader',
  id: string,
): readonly string[] => calibrationFolders(env, role).map((folder) => `${folder}/${id}.json`)

const isSet = (value: string | undefined): value is string => value !== undefined && value !== ''
