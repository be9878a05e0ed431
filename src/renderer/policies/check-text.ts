/**
 * A check line in the language of the page. Hosts say ids, names and numbers; words come from here, by the line's id, so
 * that nothing is shown half translated. Names of joints, cameras and units stay as they are.
 */
import type { CheckLine, PolicyEntry } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { fixed } from '../i18n/figures.ts'
import type { PoliciesText } from './messages.ts'
import { modelWords } from './model-text.ts'

export interface ShownLine {
  readonly id: string
  readonly status: CheckLine['status']
  readonly name: string
  /** Which camera or input, where the line is about one. */
  readonly of: string
  readonly expected: string
  readonly actual: string
  readonly fix: string
}

const fixKeys = {
  origin: 'fixOrigin',
  robotType: 'fixRobotType',
  stateOrder: 'fixOrder',
  actionOrder: 'fixOrder',
  stateUnits: 'fixUnits',
  actionUnits: 'fixUnits',
  fps: 'fixFps',
  chunk: 'fixChunk',
  camera: 'fixCamera',
  extra: 'fixExtra',
  robot: 'fixRobot',
  actionMode: 'fixActionMode',
  tokenizer: 'fixTokenizer',
  instruction: 'fixInstruction',
  startState: 'fixStart',
} as const satisfies Record<string, keyof PoliciesText>

type Kind = keyof typeof fixKeys

const isKind = (text: string): text is Kind => Object.hasOwn(fixKeys, text)

/** `shoulder_pan.pos, …` is long and says `.pos` six times. */
const short = (names: string): string => names.replaceAll('.pos', '')

type Channels = RigContract['state']

function unitName(unit: string, t: PoliciesText): string {
  switch (unit) {
    case 'degrees':
    case 'radians':
      return t[unit]
    case 'range_m100_100':
      return '±100'
    case 'range_0_100':
      return '0…100'
    case 'range_0_1':
      return '0…1'
    default:
      return unit
  }
}

/** The unit of most channels, then the others by name, e.g. `degrees, gripper 0…100`. */
export function unitsText(channels: Channels, t: PoliciesText): string {
  const byUnit = Map.groupBy(channels, ({ unit }) => unit)
  const [most, ...others] = [...byUnit].toSorted(([, a], [, b]) => b.length - a.length)
  if (most === undefined) return ''
  const named = others.map(
    ([unit, list]) => `${short(list.map(({ name }) => name).join(', '))} ${unitName(unit, t)}`,
  )
  return [unitName(most[0], t), ...named].join(', ')
}

const unitWords = (
  wanted: Channels,
  offered: Channels,
  isOk: boolean,
  t: PoliciesText,
): { readonly expected: string; readonly actual: string } => {
  const [expected, actual] = [unitsText(wanted, t), unitsText(offered, t)]
  return { expected, actual: isOk && expected === actual ? t.sameUnits : actual }
}

/** Words where the core's text has any; null where it is names and figures only. */
function wordsOf(
  kind: Kind,
  of: string,
  entry: Pick<PolicyEntry, 'contract' | 'isLearned'>,
  rig: RigContract,
  line: Pick<CheckLine, 'status' | 'expected' | 'actual'>,
  t: PoliciesText,
): { readonly expected?: string; readonly actual?: string } {
  const { contract, isLearned } = entry
  if (contract === null) return {}
  const isOk = line.status === 'ok'
  switch (kind) {
    case 'origin':
      return { expected: t.learned, actual: isLearned ? t.learned : t.notLearned }
    case 'robotType':
      return contract.robotType === null ? { expected: t.anyRobot } : {}
    case 'fps':
      return { expected: t.stepsPerSecond(contract.fps), actual: t.framesPerSecond(rig.fps) }
    case 'chunk':
      return {
        expected: t.chunkLeast,
        actual: t.chunkIs(contract.chunkLength, fixed(contract.chunkLength / contract.fps, 2)),
      }
    case 'stateOrder':
    case 'actionOrder':
      return isOk ? { actual: line.expected === line.actual ? t.sameOrder : t.mappedOrder } : {}
    case 'stateUnits':
      return unitWords(contract.state, rig.state, isOk, t)
    case 'actionUnits':
      return unitWords(contract.action, rig.action, isOk, t)
    case 'camera':
      if (line.actual === 'left empty') return { actual: t.leftEmpty }
      return /\d×\d+$/u.test(line.actual) ? {} : { actual: t.noCamera }
    case 'extra':
      return rig.extras.some((extra) => extra.name === of) ? {} : { actual: t.noExtra }
    case 'robot':
    case 'actionMode':
    case 'tokenizer':
    case 'instruction':
    case 'startState':
      return modelWords(kind, line, t)
    default:
      return {}
  }
}

/** A camera that is there but of another shape is padded; one that is not there has to be chosen. */
function fixOf(kind: Kind, status: CheckLine['status'], t: PoliciesText): string {
  if (status === 'ok') return ''
  return kind === 'camera' && status === 'warn' ? t.fixAspect : t[fixKeys[kind]]
}

export function shownLine(
  line: CheckLine,
  entry: Pick<PolicyEntry, 'contract' | 'isLearned'>,
  rig: RigContract,
  t: PoliciesText,
): ShownLine {
  const dot = line.id.indexOf('.')
  const kind = dot === -1 ? line.id : line.id.slice(0, dot)
  const of = dot === -1 ? '' : line.id.slice(dot + 1)
  const base = { id: line.id, status: line.status, of }
  // A line that a newer host adds is shown as the host says it.
  if (!isKind(kind))
    return { ...base, name: line.id, expected: line.expected, actual: line.actual, fix: line.fix }
  const words = wordsOf(kind, of, entry, rig, line, t)
  return {
    ...base,
    name: t[kind],
    expected: words.expected ?? short(line.expected),
    actual: words.actual ?? short(line.actual),
    fix: fixOf(kind, line.status, t),
  }
}

export const failures = (lines: readonly CheckLine[]): number =>
  lines.filter((line) => line.status === 'fail').length
