/**
 * A rig while it is being written: fields as typed, so that an unfinished number is no error until it is used. Reading a
 * draft gives the configuration that the rig host takes, or which fields are wrong and why.
 */
import { rigConfig, type RigConfig } from '#contract/services/rig.ts'

export interface ArmDraft {
  readonly kind: 'simulated' | 'serial'
  readonly path: string
  readonly baud: string
  /** Path of a LeRobot calibration file; empty reads what the servos keep. */
  readonly calibration: string
}

export interface CameraDraft {
  readonly name: string
  readonly kind: 'virtual' | 'device'
  readonly deviceId: string
  readonly size: string
}

export interface RigDraft {
  readonly name: string
  readonly follower: ArmDraft
  readonly leader: ArmDraft
  readonly hasLeader: boolean
  readonly cameras: readonly CameraDraft[]
  readonly fps: string
}

/** Why a field cannot be used. */
export type DraftProblem =
  'name' | 'path' | 'samePort' | 'baud' | 'fps' | 'cameraName' | 'cameraTwice' | 'device' | 'virtualNeedsSim'

/** By field: `name`, `fps`, `follower.path`, `leader.baud`, `camera.0`. */
export type Wrong = ReadonlyMap<string, DraftProblem>

export type DraftReading =
  { readonly isValid: true; readonly config: RigConfig } | { readonly isValid: false; readonly wrong: Wrong }

export const robotType = 'so_follower'
export const pictureSizes = ['320×240', '640×480', '1280×720'] as const
/** What a camera may be called: it becomes part of a dataset's key, where `image` has a meaning of its own. */
const cameraNameRule = /^(?!.*image)[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/u
const virtualNames = ['front', 'top', 'wrist'] as const

export const newArm = (kind: ArmDraft['kind']): ArmDraft => ({
  kind,
  path: '',
  baud: '1000000',
  calibration: '',
})

export const newRig = (): RigDraft => ({
  name: 'bench-1',
  follower: newArm('serial'),
  leader: newArm('serial'),
  hasLeader: true,
  cameras: [],
  fps: '30',
})

const armDraft = (arm: RigConfig['follower']): ArmDraft => ({
  kind: arm.port.kind,
  path: arm.port.kind === 'serial' ? arm.port.path : '',
  baud: arm.port.kind === 'serial' ? String(arm.port.baud) : '1000000',
  calibration: arm.calibrationPath ?? '',
})

export const draftOf = (config: RigConfig): RigDraft => ({
  name: config.name,
  follower: armDraft(config.follower),
  leader: config.leader === null ? newArm('serial') : armDraft(config.leader),
  hasLeader: config.leader !== null,
  cameras: config.cameras.map(({ name, kind, deviceId, width, height }) => ({
    name,
    kind,
    deviceId: deviceId ?? '',
    size: `${width}×${height}`,
  })),
  fps: String(config.fps),
})

/** The next camera to add: the scene's own names first, then a free one. */
export function nextCamera(cameras: readonly CameraDraft[], kind: CameraDraft['kind']): CameraDraft {
  const names = new Set(cameras.map((camera) => camera.name))
  const numbered = Array.from({ length: cameras.length + 1 }, (_, index) => `camera${index + 1}`)
  const name = [...virtualNames, ...numbered].find((candidate) => !names.has(candidate)) ?? ''
  return { name, kind, deviceId: '', size: kind === 'virtual' ? '320×240' : '640×480' }
}

const whole = (text: string, lowest: number, highest: number): number | null => {
  const value = Number(text)
  return Number.isInteger(value) && text.trim() !== '' && value >= lowest && value <= highest ? value : null
}

function readArm(arm: ArmDraft, field: string, wrong: Map<string, DraftProblem>): RigConfig['follower'] {
  const calibrationPath = arm.calibration.trim() === '' ? null : arm.calibration.trim()
  if (arm.kind === 'simulated') return { port: { kind: 'simulated' }, calibrationPath }
  const baud = whole(arm.baud, 1, 10_000_000)
  if (arm.path.trim() === '') wrong.set(`${field}.path`, 'path')
  if (baud === null) wrong.set(`${field}.baud`, 'baud')
  return { port: { kind: 'serial', path: arm.path.trim(), baud: baud ?? 1 }, calibrationPath }
}

function cameraProblem(draft: RigDraft, camera: CameraDraft): DraftProblem | null {
  if (!cameraNameRule.test(camera.name)) return 'cameraName'
  if (draft.cameras.filter(({ name }) => name === camera.name).length > 1) return 'cameraTwice'
  if (camera.kind === 'device' && camera.deviceId === '') return 'device'
  return camera.kind === 'virtual' && draft.follower.kind !== 'simulated' ? 'virtualNeedsSim' : null
}

export function readDraft(draft: RigDraft): DraftReading {
  const wrong = new Map<string, DraftProblem>()
  const name = draft.name.trim()
  const follower = readArm(draft.follower, 'follower', wrong)
  const leader = draft.hasLeader ? readArm(draft.leader, 'leader', wrong) : null
  if (
    leader?.port.kind === 'serial' &&
    follower.port.kind === 'serial' &&
    leader.port.path !== '' &&
    leader.port.path === follower.port.path
  )
    wrong.set('leader.path', 'samePort')
  const fps = whole(draft.fps, 1, 120)
  if (fps === null) wrong.set('fps', 'fps')
  const cameras = draft.cameras.map((camera, index) => {
    const problem = cameraProblem(draft, camera)
    if (problem !== null) wrong.set(`camera.${index}`, problem)
    const [width = 0, height = 0] = camera.size.split('×').map(Number)
    const device = camera.kind === 'device' ? { deviceId: camera.deviceId } : {}
    return { name: camera.name, kind: camera.kind, width, height, ...device }
  })
  const parsed = rigConfig.safeParse({ name, robotType, follower, leader, cameras, fps: fps ?? 30 })
  if (!parsed.success && parsed.error.issues.some((issue) => issue.path[0] === 'name'))
    wrong.set('name', 'name')
  return parsed.success && wrong.size === 0
    ? { isValid: true, config: parsed.data }
    : { isValid: false, wrong }
}
