/**
 * Compares a policy's contract with a rig, line by line, before the policy may be switched on. Every line says what
 * was expected, what the rig has, and what to do; one `fail` blocks autonomy. Screens translate by the line's id.
 */
import type { CameraSpec, Channel, ExtraSpec, PolicyContract } from './policy-contract.ts'

/** What the rig offers: names and units as a dataset of it would have them. */
export interface RigContract {
  readonly robotType: string
  readonly fps: number
  readonly cameras: readonly CameraSpec[]
  readonly state: readonly { readonly name: string; readonly unit: string }[]
  readonly action: readonly { readonly name: string; readonly unit: string }[]
  readonly extras: readonly ExtraSpec[]
}

/** The part of a line's id before the first dot; cameras and extras put their name after it (`camera.front`). */
export const checkKinds = [
  'origin',
  'robotType',
  'stateOrder',
  'stateUnits',
  'actionOrder',
  'actionUnits',
  'fps',
  'chunk',
  'camera',
  'extra',
] as const
export type CheckKind = (typeof checkKinds)[number]

export interface CheckLine {
  readonly id: CheckKind | `${CheckKind}.${string}`
  readonly status: 'ok' | 'warn' | 'fail'
  readonly expected: string
  readonly actual: string
  /** What a person can do; empty when nothing is wrong. */
  readonly fix: string
}

/** Whether a checked policy may be switched on. */
export const isAccepted = (lines: readonly CheckLine[]): boolean =>
  lines.every((line) => line.status !== 'fail')

/** @param learned false for a controller written by hand, which gets a line that says so */
export const checkContract = (
  policy: PolicyContract,
  learned: boolean,
  rig: RigContract,
): readonly CheckLine[] => [
  originLine(learned),
  robotTypeLine(policy, rig),
  orderLine('stateOrder', policy.state, rig.state),
  unitsLine('stateUnits', policy.state, rig.state),
  orderLine('actionOrder', policy.action, rig.action),
  unitsLine('actionUnits', policy.action, rig.action),
  fpsLine(policy, rig),
  chunkLine(policy),
  ...policy.cameras.map((camera) => cameraLine(camera, rig)),
  ...policy.extras.map((extra) => extraLine(extra, rig)),
]

const line = (
  id: CheckLine['id'],
  status: CheckLine['status'],
  expected: string,
  actual: string,
  fix: string,
): CheckLine => ({ id, status, expected, actual, fix: status === 'ok' ? '' : fix })

const okIf = (fits: boolean, otherwise: 'warn' | 'fail'): CheckLine['status'] => (fits ? 'ok' : otherwise)

const originLine = (learned: boolean): CheckLine =>
  line(
    'origin',
    okIf(learned, 'warn'),
    'learned from data',
    learned ? 'learned from data' : 'analytic demo, not learned',
    'Nothing to do: it demonstrates the hand-over and shows no skill learned from data.',
  )

const robotTypeLine = ({ robotType }: PolicyContract, rig: RigContract): CheckLine =>
  line(
    'robotType',
    okIf(robotType === null || robotType === rig.robotType, 'fail'),
    robotType ?? 'any robot',
    rig.robotType,
    'Connect a robot of this type, or load a policy made for this one.',
  )

type Channels = RigContract['state']

const namesOf = (channels: Channels): string => channels.map(({ name }) => name).join(', ')

/** The policy's order must be the rig's: a permutation that is silently accepted moves the wrong joint. */
const orderLine = (id: CheckKind, wanted: Channels, offered: Channels): CheckLine =>
  line(
    id,
    okIf(namesOf(wanted) === namesOf(offered), 'fail'),
    namesOf(wanted),
    namesOf(offered),
    'Use the policy with the robot whose joints it names, or correct the order in its manifest.',
  )

/** Units between which the factor is a constant of nature. A percentage of a calibrated range is not among them. */
const families: readonly (readonly string[])[] = [
  ['degrees', 'radians'],
  ['range_0_100', 'range_0_1'],
]

const isConvertible = (from: string, to: string): boolean =>
  from === to || families.some((family) => family.includes(from) && family.includes(to))

function unitsLine(id: CheckKind, wanted: readonly Channel[], offered: Channels): CheckLine {
  const unitOf = new Map(offered.map(({ name, unit }) => [name, unit]))
  const strangers = wanted.filter(({ name, unit }) => !isConvertible(unitOf.get(name) ?? unit, unit))
  const shown = strangers.length > 0 ? strangers : wanted
  return line(
    id,
    okIf(strangers.length === 0, 'fail'),
    shown.map(({ name, unit }) => `${name} ${unit}`).join(', '),
    shown.map(({ name }) => `${name} ${unitOf.get(name) ?? '–'}`).join(', '),
    'Set the rig to the unit the policy was trained with, or correct the unit in its manifest.',
  )
}

const fpsLine = (policy: PolicyContract, rig: RigContract): CheckLine =>
  line(
    'fps',
    okIf(policy.fps === rig.fps, 'warn'),
    `${policy.fps} steps/s`,
    `${rig.fps} frames/s`,
    'The arm follows the policy’s own rate; recorded frames have the rig’s. Set the rig to the same rate to compare them one to one.',
  )

/** A chunk shorter than this leaves no time to ask for the next one while it runs. */
const shortChunkS = 0.3

const chunkLine = ({ chunkLength, fps }: PolicyContract): CheckLine =>
  line(
    'chunk',
    chunkLength < 2 ? 'fail' : okIf(chunkLength / fps >= shortChunkS, 'warn'),
    `at least 2 steps and ${shortChunkS} s`,
    `${chunkLength} steps, ${(chunkLength / fps).toFixed(2)} s`,
    'Export the policy with a longer chunk: a short one runs out before the next arrives.',
  )

function cameraLine(camera: CameraSpec, rig: RigContract): CheckLine {
  const id = `camera.${camera.name}` as const
  const expected = `${camera.width}×${camera.height}`
  const found = rig.cameras.find(({ name }) => name === camera.name)
  if (found === undefined) {
    const names = namesOf(rig.cameras.map(({ name }) => ({ name, unit: '' }))) || 'no cameras'
    return line(
      id,
      'fail',
      expected,
      names,
      'Connect the camera, or give one of the rig’s cameras this name.',
    )
  }
  const cross = Math.abs(found.width * camera.height - found.height * camera.width)
  return line(
    id,
    okIf(cross <= Math.max(found.width, camera.width), 'warn'),
    expected,
    `${found.width}×${found.height}`,
    'The picture has another aspect ratio and will be padded: set the camera to the aspect the policy was trained with.',
  )
}

function extraLine(extra: ExtraSpec, rig: RigContract): CheckLine {
  const text = ({ name, shape }: ExtraSpec): string => `${name} [${shape.join(', ')}]`
  const found = rig.extras.find(({ name }) => name === extra.name)
  return line(
    `extra.${extra.name}`,
    okIf(found !== undefined && text(found) === text(extra), 'fail'),
    text(extra),
    (found === undefined ? rig.extras : [found]).map(text).join(', ') || 'none',
    'This input exists only on the simulated rig: connect that, or load another policy.',
  )
}
