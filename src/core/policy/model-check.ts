/**
 * The part of the contract check that only a network learned from data has: whose statistics it carries, whether they are
 * of the kind of action it gives, whether it can read the instruction, whether the arm stands where training had it.
 */
import { line, okIf } from './contract-check.ts'
import type { CheckLine, RigContract } from './contract-check.ts'
import type { Statistics } from './internvla/normalisation.ts'
import type { Channel } from './policy-contract.ts'

export interface ModelFacts {
  /** Key of the statistics in use, and all there are. */
  readonly robot: string
  readonly robots: readonly string[]
  /** False when nothing but the statistics is known of the robot: units, cameras and grippers are then unknown. */
  readonly isRobotKnown: boolean
  /** Robot types that the profile of `robot` stands for. */
  readonly robotTypes: readonly string[]
  readonly actionMode: 'delta' | 'abs'
  readonly state: Statistics
  readonly action: Statistics
  readonly isRelative: readonly boolean[]
  readonly stateChannels: readonly Channel[]
  /** Null while no tokenizer is there. */
  readonly tokenizer: string | null
}

/** What is known at the moment of the check; null where nothing is. */
export interface CheckMoment {
  /** Present numbers of the state in the policy's units and order. */
  readonly state: ArrayLike<number> | null
  readonly instruction: InstructionFacts | null
}

export interface InstructionFacts {
  readonly tokens: number
  readonly limit: number
  /** Why it cannot be used, or null. */
  readonly problem: string | null
}

/** @param rig null to judge the checkpoint by itself */
export const checkModel = (
  model: ModelFacts,
  rig: RigContract | null,
  moment: CheckMoment,
): readonly CheckLine[] => [
  robotLine(model, rig),
  actionModeLine(model),
  tokenizerLine(model),
  ...(moment.instruction === null ? [] : [instructionLine(moment.instruction)]),
  ...(moment.state === null ? [] : [startLine(model, moment.state)]),
]

function robotLine(
  { robot, robots, isRobotKnown, robotTypes }: ModelFacts,
  rig: RigContract | null,
): CheckLine {
  const isHere = robots.includes(robot)
  const isThis = rig === null || robotTypes.includes(rig.robotType)
  const known = isRobotKnown ? '' : ' (no profile: units and cameras unknown)'
  const fix = isHere
    ? 'Choose the statistics of this robot, or fine-tune the checkpoint on data of it.'
    : 'Choose one of the robots in the checkpoint’s statistics.'
  const status = isHere && isThis ? okIf(isRobotKnown, 'warn') : 'fail'
  return line(
    'robot',
    status,
    rig?.robotType ?? robot,
    `${robot}${known}; statistics of ${robots.join(', ') || 'none'}`,
    fix,
  )
}

/**
 * Statistics of relative actions lie around zero, those of absolute ones around the state's. The distance is counted in the
 * state's deviations, over the dimensions that are relative in this robot's relative checkpoints.
 */
function actionModeLine({ actionMode, state, action, isRelative }: ModelFacts): CheckLine {
  let fromZero = 0
  let fromState = 0
  isRelative.forEach((counts, index) => {
    const deviation = state.std[index] ?? 0
    if (!counts || deviation <= 0) return
    const mean = action.mean[index] ?? 0
    fromZero += Math.abs(mean) / deviation
    fromState += Math.abs(mean - (state.mean[index] ?? 0)) / deviation
  })
  const looksLike = fromZero < fromState / 4 ? 'delta' : fromState < fromZero / 4 ? 'abs' : null
  return line(
    'actionMode',
    okIf(looksLike === null || looksLike === actionMode, 'warn'),
    `statistics of ${words[actionMode]} actions`,
    `they look like those of ${words[looksLike ?? actionMode]} actions`,
    'A statistics file of the other kind gives wrong motion without a word: compare with the one the checkpoint was trained with.',
  )
}

const words = { delta: 'relative', abs: 'absolute' } as const

const tokenizerLine = ({ tokenizer }: ModelFacts): CheckLine =>
  line(
    'tokenizer',
    okIf(tokenizer !== null, 'fail'),
    'tokenizer.json of the language model',
    tokenizer ?? 'none',
    'Import the checkpoint again and name the tokenizer.json of its base model (docs/policies.md).',
  )

function instructionLine({ tokens, limit, problem }: InstructionFacts): CheckLine {
  if (problem !== null)
    return line('instruction', 'fail', 'plain words', problem, 'Write the instruction without such marks.')
  return line(
    'instruction',
    tokens === 0 ? 'warn' : okIf(tokens <= limit, 'warn'),
    `1 to ${limit} tokens`,
    `${tokens} tokens`,
    tokens === 0
      ? 'Write what the policy is to do.'
      : `Shorten the instruction: what comes after ${limit} tokens is cut off, as in training.`,
  )
}

/** The present pose should be one that training has seen. */
function startLine({ state, stateChannels }: ModelFacts, present: ArrayLike<number>): CheckLine {
  const outside = stateChannels.flatMap(({ name }, index) => {
    const [lower, upper, value] = [state.min[index] ?? NaN, state.max[index] ?? NaN, present[index] ?? NaN]
    const slack = 0.05 * (upper - lower)
    return value >= lower - slack && value <= upper + slack ? [] : [{ name, lower, upper, value }]
  })
  const [first] = outside
  return line(
    'startState',
    okIf(first === undefined, 'warn'),
    first === undefined
      ? 'within the training data'
      : outside.map(({ name, lower, upper }) => `${name} ${round(lower)}…${round(upper)}`).join(', '),
    first === undefined
      ? 'within the training data'
      : outside.map(({ name, value }) => `${name} ${round(value)}`).join(', '),
    'Move the arm to where the training data began.',
  )
}

const round = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 0)
