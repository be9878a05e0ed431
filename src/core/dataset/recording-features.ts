/**
 * The features of a dataset that this program records (DESIGN §5). Side columns have neutral prefixes, because LeRobot
 * turns every key that starts with `observation` or `action` into a policy input or output.
 */
import { fail, ok, type Result } from '../result.ts'
import {
  actionKey,
  captureTimeKey,
  defaultFeatures,
  type Feature,
  type Features,
  imageKey,
  interventionKey,
  readTimeKey,
  requestedKey,
  sourceKey,
  stateKey,
} from './feature.ts'

export interface CameraSpec {
  /** Last part of `observation.images.<name>`. */
  readonly name: string
  readonly width: number
  readonly height: number
  /** Canonical codec name as LeRobot writes it. */
  readonly codec: 'h264'
  /** Distance of key frames. */
  readonly keyInterval: number
}

/** A float32 vector that only this rig has, e.g. `sim.red_cube_m`. */
export interface SideChannel {
  readonly key: string
  readonly names: readonly string[]
}

export interface RecordingSpec {
  readonly fps: number
  /** LeRobot's `robot_type`, e.g. `so_follower`. */
  readonly robotType: string
  /** LeRobot's motor keys with `.pos`, in profile order. */
  readonly jointNames: readonly string[]
  readonly cameras: readonly CameraSpec[]
  readonly sideChannels: readonly SideChannel[]
}

const nameRule = /^[A-Za-z0-9_-]+$/
const sideKeyRule =
  /^(?!observation|action|timestamp$|frame_index$|episode_index$|index$|task_index$)[A-Za-z0-9_.-]+$/

/** What LeRobot could not store or would misread: `/` separates flattened keys, and every key with `image` in it must have picture statistics. */
function findNameProblem(spec: RecordingSpec): string | null {
  const cameraNames = spec.cameras.map((c) => c.name)
  for (const name of cameraNames) {
    if (!nameRule.test(name)) return `camera name "${name}" may hold letters, digits, "_" and "-" only`
    if (name.includes('image')) return `camera name "${name}" must not contain "image"`
  }
  if (new Set(cameraNames).size !== cameraNames.length) return 'two cameras have the same name'
  for (const { key } of spec.sideChannels) {
    if (!sideKeyRule.test(key) || key.includes('image'))
      return `side column "${key}" has a name that LeRobot would misread`
  }
  return null
}

function cameraFeature(camera: CameraSpec, fps: number): Feature {
  return {
    dtype: 'video',
    shape: [camera.height, camera.width, 3],
    names: ['height', 'width', 'channels'],
    info: {
      'video.height': camera.height,
      'video.width': camera.width,
      'video.codec': camera.codec,
      'video.pix_fmt': 'yuv420p',
      'video.fps': fps,
      'video.channels': 3,
      has_audio: false,
      'video.g': camera.keyInterval,
      is_depth_map: false,
    },
  }
}

/**
 * Features in the order of info.json and of the data columns: `action`, `observation.state`, pictures, side columns,
 * LeRobot's five.
 */
export function recordingFeatures(spec: RecordingSpec): Result<Features> {
  const problem = findNameProblem(spec)
  if (problem !== null) return fail('record/rig-mismatch', problem)
  const vector = (names: readonly string[]): Feature => ({ dtype: 'float32', shape: [names.length], names })
  const scalar = (dtype: string): Feature => ({ dtype, shape: [1], names: null })
  return ok({
    [actionKey]: vector(spec.jointNames),
    [stateKey]: vector(spec.jointNames),
    ...Object.fromEntries(spec.cameras.map((c) => [imageKey(c.name), cameraFeature(c, spec.fps)])),
    [requestedKey]: vector(spec.jointNames),
    [sourceKey]: scalar('int64'),
    [interventionKey]: scalar('bool'),
    [readTimeKey]: scalar('int64'),
    ...Object.fromEntries(spec.cameras.map((c) => [captureTimeKey(c.name), scalar('int64')])),
    ...Object.fromEntries(spec.sideChannels.map((s) => [s.key, vector(s.names)])),
    ...defaultFeatures,
  })
}
