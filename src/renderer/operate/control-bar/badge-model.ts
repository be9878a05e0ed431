/** What the badge says: word, second line and the sentence for a screen reader, from the drive state alone. */
import type { Mode } from '#core/control/mode.ts'
import { unreachable } from '#core/result.ts'
import type { DriveState } from '#contract/services/drive.ts'
import { fixed, jointFigure } from '../../i18n/figures.ts'
import type { OperateText } from '../messages.ts'

export interface BadgeModel {
  readonly word: string
  readonly sub: string
  /** State, then consequence. */
  readonly aria: string
}

/** The joint furthest from its target, in words; null when nothing is left to go. */
export function worstGap(gaps: DriveState['gaps']): { joint: string; figure: string } | null {
  const open = (gaps ?? []).filter((g) => !g.isWithin)
  const worst = open.reduce<(typeof open)[number] | null>(
    (a, b) => (a === null || Math.abs(b.gap) > Math.abs(a.gap) ? b : a),
    null,
  )
  if (worst === null) return null
  const isGripper = worst.joint.endsWith('gripper')
  return { joint: worst.joint, figure: jointFigure(Math.abs(worst.gap), isGripper) }
}

type SubFacts = Pick<DriveState, 'gaps' | 'secondsLeft' | 'blend' | 'policy' | 'follower'>

function subOf(mode: Mode, state: SubFacts, isSimulated: boolean, t: OperateText): string {
  switch (mode) {
    case 'idle':
      return t.subIdle
    case 'holding':
      return t.subHolding
    case 'matching': {
      const worst = worstGap(state.gaps)
      return worst === null ? t.subMatchingPlain : t.subMatching(worst.joint, worst.figure)
    }
    case 'teleop':
      return isSimulated ? t.subTeleopSim : t.subTeleop
    case 'policy':
      if (state.policy === null) return t.policy
      return state.policy.isLearned ? state.policy.name : t.analytic(state.policy.name)
    case 'blend': {
      const seconds = fixed(state.secondsLeft ?? 0, 1)
      return state.blend?.to === 'human' ? t.subBlendHuman(seconds) : t.subBlendPolicy(seconds)
    }
    case 'slowStop':
      return state.secondsLeft === null ? t.subSlowStop : t.subSlowStopLeft(fixed(state.secondsLeft, 1))
    case 'fault':
      return state.follower?.torque === 'on' ? t.subFaultOn : t.subFaultUnknown
    case 'eStop':
      return t.subEStop
    default:
      return unreachable(mode)
  }
}

export function badgeModel(
  state: SubFacts & { mode: Mode },
  isSimulated: boolean,
  t: OperateText,
): BadgeModel {
  const word = t[state.mode]
  const sub = subOf(state.mode, state, isSimulated, t)
  const aria =
    state.mode === 'teleop' ? t.ariaTeleop : state.mode === 'policy' ? t.ariaPolicy : `${word}. ${sub}`
  return { word, sub, aria }
}
