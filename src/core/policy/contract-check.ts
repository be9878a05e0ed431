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
  // Of learned networks only (model-check.ts).
  'robot',
  'actionMode',
  'tokenizer',
  'instruction',
  'startState',
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
export const isAccepted = (lines: readonly Pick<CheckLine, 'status'>[]): boolean =>
  lines.every((line) => line.status !== 'fail')

/** What a person chose where names differ. */
export interface RigMapping {
  /** Camera of the rig for each camera of the policy; an absent key means the same name, null leaves the slot empty. */
  readonly cameras: Readonly<Record<string, string | null>>
  /** Joint of the rig for each channel of the policy; an absent key means the same name. */
  readonly joints: Readonly<Record<string, string>>
}

export const sameNames: RigMapping = { cameras: {}, joints: {} }

/** @param learned false for a controller written by hand, which gets a line that says so */
export const checkContract = (
  policy: PolicyContract,
  learned: boolean,
  rig: RigContract,
  mapping: RigMapping = sameNames,
): readonly CheckLine[] => {
  const named = <C extends { readonly name: string }>(channels: readonly C[]): readonly C[] =>
    channels.map((channel) => ({ ...channel, name: mapping.joints[channel.name] ?? channel.name }))
  const isChosen = (name: string): boolean => Object.values(mapping.joints).includes(name)
  return [
    originLine(learned),
    robotTypeLine(policy, rig),
    orderLine('stateOrder', named(policy.state), rig.state, isChosen),
    unitsLine('stateUnits', named(policy.state), rig.state),
    orderLine('actionOrder', named(policy.action), rig.action, isChosen),
    unitsLine('actionUnits', named(policy.action), rig.action),
    fpsLine(policy, rig),
    chunkLine(policy),
    ...policy.cameras.map((camera, slot) => cameraLine(camera, slot, rig, mapping)),
    ...policy.extras.map((extra) => extraLine(extra, rig)),
  ]
}

export const line = (
  id: CheckLine['id'],
  status: CheckLine['status'],
  expected: string,
  actual: string,
  fix: string,
): CheckLine => ({ id, status, expected, actual, fix: status === 'ok' ? '' : fix })

export const okIf = (fits: boolean, otherwise: 'warn' | 'fail'): CheckLine['status'] =>
  fits ? 'ok' : otherwise

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

/** The policy's order must be the rig's, but where a person said which joint is meant: a permutation that is silently accepted moves the wrong joint. */
function orderLine(
  id: CheckKind,
  wanted: Channels,
  offered: Channels,
  isChosen: (name: string) => boolean,
): CheckLine {
  const isHere = (name: string): boolean => offered.some((channel) => channel.name === name)
  const isClear = new Set(wanted.map(({ name }) => name)).size === wanted.length
  const isPlaced = wanted.every(
    ({ name }, index) => name === offered[index]?.name || (isChosen(name) && isHere(name)),
  )
  return line(
    id,
    okIf(wanted.length === offered.length && isClear && isPlaced, 'fail'),
    namesOf(wanted),
    namesOf(offered),
    'Say which joint of the rig each one of the policy is, use the policy with the robot whose joints it names, or correct the order in its manifest.',
  )
}

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

function cameraLine(camera: CameraSpec, slot: number, rig: RigContract, { cameras }: RigMapping): CheckLine {
  const id = `camera.${camera.name}` as const
  const expected = `${camera.width}×${camera.height}`
  const chosen = cameras[camera.name]
  if (chosen === null) {
    return line(
      id,
      // The networks that have slots need the first of them; the others may be missing views.
      slot === 0 ? 'fail' : 'warn',
      expected,
      'left empty',
      'Give the slot a camera: the policy has learned to look through it.',
    )
  }
  const name = chosen ?? camera.name
  const found = rig.cameras.find((candidate) => candidate.name === name)
  if (found === undefined) {
    const names =
      namesOf(rig.cameras.map((candidate) => ({ name: candidate.name, unit: '' }))) || 'no cameras'
    return line(
      id,
      'fail',
      expected,
      names,
      'Connect the camera, choose one of the rig’s cameras for it, or leave the slot empty.',
    )
  }
  const cross = Math.abs(found.width * camera.height - found.height * camera.width)
  const shown = name === camera.name ? '' : `${name} `
  return line(
    id,
    okIf(cross <= Math.max(found.width, camera.width), 'warn'),
    expected,
    `${shown}${found.width}×${found.height}`,
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
