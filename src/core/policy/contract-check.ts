/**
 * Compares a policy's contract with a rig, line by line, before the policy may be switched on. Every line says what
 * was expected, what the rig has, and what to do; one `fail` blocks autonomy. Screens translate by the line's id.
 */
import type { JointSpec } from '../arm/arm-profile.ts'
import type { CameraSpec, FeatureSpec, PolicyContract } from './policy-contract.ts'
import { conversionFor } from './unit-conversion.ts'

/** What the rig offers. */
export interface RigContract {
  readonly robotType: string
  readonly joints: readonly JointSpec[]
  /** Whether joint ranges come from a calibration, which percentages of a range need. */
  readonly hasCalibratedRanges: boolean
  readonly cameras: readonly CameraSpec[]
  /** Names of the extra inputs that the rig can fill now, e.g. `sim.red_cube_m`. */
  readonly extraInputs: readonly string[]
  /** Rate of the control loop. */
  readonly controlHz: number
}

export const checkIds = [
  'robotType',
  'stateOrder',
  'stateUnits',
  'actionOrder',
  'actionUnits',
  'fps',
  'chunk',
  'camera',
  'extraInput',
  'origin',
] as const
export type CheckId = (typeof checkIds)[number]

export interface CheckLine {
  readonly id: CheckId
  /** Which camera or input the line is about; empty where there is only one. */
  readonly subject: string
  readonly status: 'ok' | 'warn' | 'fail'
  readonly expected: string
  readonly actual: string
  /** What a person can do; empty when nothing is wrong. */
  readonly fix: string
}

/** Whether a checked policy may be switched on. */
export const isAccepted = (lines: readonly CheckLine[]): boolean =>
  lines.every((line) => line.status !== 'fail')

export const checkContract = (policy: PolicyContract, rig: RigContract): readonly CheckLine[] => [
  robotTypeLine(policy, rig),
  orderLine('stateOrder', policy.state, rig),
  unitsLine('stateUnits', policy.state, rig),
  orderLine('actionOrder', policy.action, rig),
  unitsLine('actionUnits', policy.action, rig),
  fpsLine(policy, rig),
  chunkLine(policy),
  ...policy.cameras.map((camera) => cameraLine(camera, rig)),
  ...policy.extraInputs.map(({ name }) => extraInputLine(name, rig)),
  originLine(policy),
]

const line = (
  id: CheckId,
  status: CheckLine['status'],
  expected: string,
  actual: string,
  fix: string,
  subject = '',
): CheckLine => ({ id, subject, status, expected, actual, fix: status === 'ok' ? '' : fix })

function robotTypeLine(policy: PolicyContract, rig: RigContract): CheckLine {
  const expected = policy.robotTypes.join(', ') || 'any robot'
  const fits = policy.robotTypes.length === 0 || policy.robotTypes.includes(rig.robotType)
  return line(
    'robotType',
    fits ? 'ok' : 'fail',
    expected,
    rig.robotType,
    'Connect a robot of this type, or load a policy made for this one.',
  )
}

const namesOf = (features: readonly FeatureSpec[]): string => features.map(({ name }) => name).join(', ')

/** The policy's order must be the rig's: a permutation that is silently accepted moves the wrong joint. */
function orderLine(
  id: 'stateOrder' | 'actionOrder',
  features: readonly FeatureSpec[],
  rig: RigContract,
): CheckLine {
  const expected = namesOf(features)
  const actual = rig.joints.map((joint) => `${joint.name}.pos`).join(', ')
  return line(
    id,
    expected === actual ? 'ok' : 'fail',
    expected,
    actual,
    'Use the policy with the robot whose joints it names, or correct the order in its manifest.',
  )
}

function unitsLine(
  id: 'stateUnits' | 'actionUnits',
  features: readonly FeatureSpec[],
  rig: RigContract,
): CheckLine {
  const problems: string[] = []
  for (const { name, unit } of features) {
    const joint = rig.joints.find((candidate) => `${candidate.name}.pos` === name)
    if (joint === undefined) continue
    const isPercent = unit === 'range_m100_100' || unit === 'range_0_100' || unit === 'unit'
    if (conversionFor(joint, unit) === null) problems.push(`${name} has no ${unit}`)
    else if (isPercent && joint.kind === 'revolute' && !rig.hasCalibratedRanges)
      problems.push(`${name} has no calibrated range`)
  }
  const expected = features.map(({ name, unit }) => `${name} ${unit}`).join(', ')
  const actual = problems.length === 0 ? 'converted from rad and 0…1' : problems.join(', ')
  return line(
    id,
    problems.length === 0 ? 'ok' : 'fail',
    expected,
    actual,
    'Calibrate the arm, or correct the units in the manifest.',
  )
}

function fpsLine(policy: PolicyContract, rig: RigContract): CheckLine {
  const fits = policy.fps <= rig.controlHz
  return line(
    'fps',
    fits ? 'ok' : 'fail',
    `at most ${rig.controlHz} steps/s`,
    `${policy.fps} steps/s`,
    'The policy steps faster than the control loop runs: raise the loop rate.',
  )
}

/** A chunk shorter than this leaves no time to ask for the next one while it runs. */
const shortChunkS = 0.3

function chunkLine(policy: PolicyContract): CheckLine {
  const seconds = policy.chunkLength / policy.fps
  const status = policy.chunkLength < 2 ? 'fail' : seconds < shortChunkS ? 'warn' : 'ok'
  return line(
    'chunk',
    status,
    `at least 2 steps and ${shortChunkS} s`,
    `${policy.chunkLength} steps, ${seconds.toFixed(2)} s`,
    'Export the policy with a longer chunk; a short one runs out before the next arrives.',
  )
}

function cameraLine(camera: CameraSpec, rig: RigContract): CheckLine {
  const found = rig.cameras.find(({ name }) => name === camera.name)
  const expected = `${camera.width}×${camera.height}`
  if (found === undefined) {
    const names = rig.cameras.map(({ name }) => name).join(', ') || 'no cameras'
    return line(
      'camera',
      'fail',
      expected,
      names,
      'Connect the camera, or name one of the rig’s cameras so.',
      camera.name,
    )
  }
  const sameAspect =
    Math.abs(found.width * camera.height - found.height * camera.width) <= Math.max(found.width, camera.width)
  return line(
    'camera',
    sameAspect ? 'ok' : 'warn',
    expected,
    `${found.width}×${found.height}`,
    'The picture has another aspect ratio and will be padded: set the camera to the aspect the policy was trained with.',
    camera.name,
  )
}

function extraInputLine(name: string, rig: RigContract): CheckLine {
  const isGiven = rig.extraInputs.includes(name)
  return line(
    'extraInput',
    isGiven ? 'ok' : 'fail',
    name,
    isGiven ? name : rig.extraInputs.join(', ') || 'none',
    'This input exists only on the simulated rig: connect it, or load another policy.',
    name,
  )
}

function originLine(policy: PolicyContract): CheckLine {
  return line(
    'origin',
    policy.learned ? 'ok' : 'warn',
    'a learned policy',
    policy.learned ? 'learned' : 'analytic demo, not learned',
    'Nothing to do: it is a demonstration and shows no skill learned from data.',
  )
}
