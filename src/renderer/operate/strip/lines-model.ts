/**
 * What the strip asks or tells now, most urgent first. Questions are answered by keys of the key bar or by the buttons of
 * their line; there is never a modal dialog while an arm is live.
 */
import type { DriveState } from '#contract/services/drive.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { OperatorState } from '#contract/services/sim.ts'
import type { Refusal } from '../../app/ui-state.ts'
import type { Language } from '../../i18n/define-messages.ts'
import { faultDetails, faultText, faultTextOf, named } from '../../i18n/faults.ts'
import { clockFigure } from '../../i18n/figures.ts'
import { causeText } from '../control-bar/say-model.ts'
import type { StripText } from './messages.ts'

export type LineTone = 'info' | 'warn' | 'bad' | 'safe'

export interface StripLine {
  readonly id:
    | 'refusal'
    | 'keepClear'
    | 'surprise'
    | 'cause'
    | 'heldSince'
    | 'closed'
    | 'recovered'
    | 'failure'
    | 'watching'
    | 'operator'
  readonly tone: LineTone
  readonly title: string
  readonly detail: string
}

export interface LineFacts {
  readonly drive: DriveState | null
  readonly record: RecordState | null
  readonly operator: OperatorState | null
  readonly refusal: Refusal | null
  readonly isClearAsked: boolean
  readonly isWatching: boolean
  /** A score above the user's threshold, while the policy drives: words that propose a take-over. */
  readonly proposal: { readonly title: string; readonly detail: string } | null
}

function refusalLine(refusal: Refusal, language: Language, t: StripText): StripLine {
  if (refusal.kind === 'waits')
    return { id: 'refusal', tone: 'info', title: t.waits(refusal.title, refusal.reason), detail: '' }
  const text = faultText(refusal.fault.code, language)
  const details = faultDetails(refusal.fault).join(' · ')
  return {
    id: 'refusal',
    tone: 'warn',
    title: named(text.what, details, language),
    detail: text.todo,
  }
}

/** Time of day of an ISO time, in the place of the person. */
export const timeOfDay = (iso: string, language: Language): string =>
  new Date(iso).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
  })

/** What ended it, to which camera, and what to do before the next one. */
function whyClosed(fault: NonNullable<RecordState['failure']>, language: Language): string {
  const { what, todo } = faultText(fault.code, language)
  const camera = fault.data?.['camera']
  return `${named(what, typeof camera === 'string' ? camera : '', language)}${language === 'zh' ? '。' : '. '}${todo}`
}

const hasFailed = (record: RecordState, takeId: string): boolean =>
  record.session.some((entry) => entry.takeId === takeId && entry.state === 'failed')

const movable: ReadonlySet<string> = new Set(['record/dataset-gone', 'record/read-only'])

/** Where a take goes whose own dataset has gone or cannot be written, once another one is chosen. */
function otherHome(record: RecordState, takeId: string, t: StripText): string {
  const { failure, dataset } = record
  const isTold = failure !== null && movable.has(failure.code) && hasFailed(record, takeId)
  const path = failure?.data?.['path']
  const isOther = dataset !== null && typeof path === 'string' && !path.startsWith(dataset.dir)
  return isTold && isOther ? t.goesTo(dataset.name) : ''
}

function takeLines(record: RecordState, language: Language, t: StripText): readonly StripLine[] {
  const lines: StripLine[] = []
  const { take } = record
  if (record.phase === 'closed' && take !== null)
    lines.push({
      id: 'closed',
      tone: 'safe',
      title: t.safeTo(take.number, clockFigure(take.seconds)),
      detail: [t.framesOf(take.frames), take.closedBy === null ? '' : whyClosed(take.closedBy, language)]
        .filter((part) => part !== '')
        .join(' · '),
    })
  const [recovered] = record.recovered
  if (recovered !== undefined && record.phase !== 'closed' && record.phase !== 'recording')
    lines.push({
      id: 'recovered',
      tone: 'safe',
      title: (hasFailed(record, recovered.takeId) ? t.unsaved : t.recovered)(
        recovered.number,
        clockFigure(recovered.seconds),
      ),
      detail: [
        otherHome(record, recovered.takeId, t),
        t.framesOf(recovered.frames),
        recovered.task,
        record.recovered.length > 1 ? t.moreRecovered(record.recovered.length - 1) : '',
      ]
        .filter((part) => part !== '')
        .join(' · '),
    })
  if (record.failure !== null)
    lines.push({
      id: 'failure',
      tone: 'bad',
      title: named(t.saveFailed, faultText(record.failure.code, language).what, language),
      detail: [faultText(record.failure.code, language).todo, ...faultDetails(record.failure)].join(' '),
    })
  return lines
}

/** What a person asked for needs no advice; a hold since an earlier run has a line of its own. */
const selfExplained: ReadonlySet<string> = new Set([
  'control/stop-asked',
  'control/hold-asked',
  'control/held-since',
])

/** Troubles of cables, supply and heat that the rig sees the end of: it blocks engaging as long as they last. */
const seenToEnd: ReadonlySet<string> = new Set([
  'bus/closed',
  'control/leader-lost',
  'control/packets-lost',
  'control/servo-hot',
  'control/servo-overload',
  'control/servo-sensor',
  'control/servo-silent',
  'control/servo-voltage',
])

/** Why the arm holds although nobody asked for it, and what to do; faults and emergency stops have the card instead. */
function causeLine(drive: DriveState, language: Language, t: StripText): StripLine | null {
  const { mode, cause } = drive
  if ((mode !== 'holding' && mode !== 'slowStop') || cause === null || selfExplained.has(cause.code))
    return null
  const isOver = mode === 'holding' && drive.commands.engage === null && seenToEnd.has(cause.code)
  return {
    id: 'cause',
    tone: isOver ? 'info' : 'warn',
    title: causeText(cause, language),
    detail: isOver ? t.causeOver : (faultTextOf(cause.code, language)?.todo ?? ''),
  }
}

export function stripLines(facts: LineFacts, language: Language, t: StripText): readonly StripLine[] {
  const lines: StripLine[] = []
  const { drive, record, operator, refusal } = facts
  if (refusal !== null) lines.push(refusalLine(refusal, language, t))
  if (facts.isClearAsked)
    lines.push({ id: 'keepClear', tone: 'warn', title: t.keepClear, detail: t.keepClearHint })
  if (facts.proposal !== null) lines.push({ id: 'surprise', tone: 'warn', ...facts.proposal })
  const cause = drive === null ? null : causeLine(drive, language, t)
  if (cause !== null) lines.push(cause)
  if (facts.isWatching)
    lines.push({
      id: 'watching',
      tone: 'info',
      title: t.watching(drive?.lease.label ?? ''),
      detail: t.watchingHint,
    })
  if (record !== null) lines.push(...takeLines(record, language, t))
  if (drive?.heldSince !== null && drive !== null)
    lines.push({
      id: 'heldSince',
      tone: 'warn',
      title: t.holdSince(timeOfDay(drive.heldSince, language)),
      detail: t.holdSinceHint,
    })
  if (operator?.isRunning === true)
    lines.push({
      id: 'operator',
      tone: 'info',
      title: t.operatorRuns(operator.phase, operator.attempts),
      detail: operator.cubesInBin.length === 0 ? '' : t.inBin(operator.cubesInBin.join(', ')),
    })
  return lines
}
