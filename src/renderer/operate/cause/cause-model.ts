/** The card of a fault or an emergency stop: what happened, what the arm does now, what to do, what is tried meanwhile (UI.md §5). */
import type { ArmLive, DriveState } from '#contract/services/drive.ts'
import { faultTextOf } from '../../i18n/faults.ts'
import { fixed } from '../../i18n/figures.ts'
import type { Language } from '../../i18n/define-messages.ts'
import { causeText } from '../control-bar/say-model.ts'
import type { CauseText } from './messages.ts'
import { chainModel, numberList, type ChainLink } from './chain-model.ts'

export interface CauseModel {
  readonly title: string
  readonly detail: string
  readonly chain: readonly ChainLink[]
  /** Role of the arm whose chain is shown. */
  readonly role: 'follower' | 'leader'
  readonly armDoes: string
  /** Without the last one, which is the key. */
  readonly steps: readonly string[]
  readonly lastStep: { readonly before: string; readonly after: string }
  readonly note: string
  /** The rig's own words, in English; empty where the card says it all. */
  readonly raw: string
}

type CauseFacts = Pick<DriveState, 'mode' | 'cause' | 'follower' | 'leader'>

const lostNumbers = (chain: readonly ChainLink[]): readonly number[] =>
  chain.filter((link) => link.state === 'lost').map((link) => link.number)

function silenceDetail(arm: ArmLive, chain: readonly ChainLink[], t: CauseText): string {
  const lost = chain.filter((link) => link.state === 'lost')
  const silent = Math.max(...lost.map((link) => arm.bus.silentUs[link.number - 1] ?? 0)) / 1e6
  const answering = chain.filter((link) => link.state !== 'lost').map((link) => link.number)
  const atBreak = chain.find((link) => link.isBreak)
  const before = chain.find((link) => link.number === (atBreak?.number ?? 0) - 1)
  const parts = [t.lastAnswer(fixed(silent, 1))]
  if (answering.length > 0) parts.push(t.othersAnswer(numberList(answering, t.and, t.to)))
  if (atBreak !== undefined && before !== undefined) parts.push(t.breakBetween(before.joint, atBreak.joint))
  return parts.join(t.sentenceGap)
}

export function causeModel(drive: CauseFacts, language: Language, t: CauseText): CauseModel {
  const role = drive.cause?.arm ?? 'follower'
  const arm = role === 'leader' ? drive.leader : drive.follower
  const isCut = drive.mode === 'eStop'
  const chain = arm === null ? [] : chainModel(arm, isCut)
  if (isCut)
    return {
      title: drive.cause === null ? t.torqueIsCut : causeText(drive.cause, language),
      detail: t.cutDetail(drive.follower?.torque === 'off'),
      chain,
      role,
      armDoes: t.armLoose,
      steps: [t.layDown, t.clearReason],
      lastStep: { before: t.press, after: t.toPowerUp },
      note: t.powerUpHolds,
      raw: '',
    }
  const lost = lostNumbers(chain)
  const isSilence = arm !== null && lost.length > 0
  const text = drive.cause === null ? null : faultTextOf(drive.cause.code, language)
  const atBreak = chain.find((link) => link.isBreak)
  const torqueUnknown = drive.follower?.torque !== 'on'
  return {
    title: isSilence
      ? t.servosSilent(numberList(lost, t.and, t.to), lost.length)
      : drive.cause === null
        ? t.unknownCause
        : causeText(drive.cause, language),
    detail: isSilence ? silenceDetail(arm, chain, t) : '',
    chain,
    role,
    armDoes: torqueUnknown ? t.armUnknown : isSilence ? t.armHoldsPart : t.armHolds,
    steps: isSilence
      ? [atBreak === undefined ? t.pushAnyCable : t.pushCable(atBreak.joint), t.lightBlinks]
      : [text?.todo ?? t.lookAtArm],
    lastStep: { before: t.press, after: t.toReconnect },
    note: isSilence || drive.cause?.code.startsWith('bus/') === true ? t.lookingAgain : '',
    raw: isSilence ? '' : (drive.cause?.message ?? ''),
  }
}
