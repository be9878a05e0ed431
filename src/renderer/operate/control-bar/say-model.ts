/** The one sentence to read from the robot: the task, or what is wrong instead of it; and the note under it. */
import type { DriveState } from '#contract/services/drive.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { Language } from '../../i18n/define-messages.ts'
import { faultTextOf, named } from '../../i18n/faults.ts'
import type { OperateText } from '../messages.ts'
import type { DriveTrust } from './drive-trust.ts'

export interface SayModel {
  readonly first: string
  readonly second: string
}

/** Names of joints, or their number when they are too many to read from the robot. */
function jointList(joints: string, language: Language): string {
  const count = joints.split(', ').length
  if (count <= 3) return joints
  return language === 'zh' ? `${count} 个关节` : `${count} joints`
}

/** A cause in words, with the joint it is about; the rig's own message where the code is not known. */
export function causeText(cause: NonNullable<DriveState['cause']>, language: Language): string {
  const what = faultTextOf(cause.code, language)?.what ?? cause.message
  return named(what, cause.joint === undefined ? '' : jointList(cause.joint, language), language)
}

export function sayModel(
  drive: DriveState | null,
  record: RecordState | null,
  trust: DriveTrust,
  language: Language,
  t: OperateText,
): SayModel {
  if (trust.kind === 'hostDown' || trust.kind === 'linkLost' || trust.kind === 'silent')
    return { first: t.escCannotReach, second: t.usePowerSwitch }
  const task = record?.task ?? ''
  const note = [record?.dataset?.name, record?.operator === '' ? undefined : record?.operator]
    .filter((part) => part !== undefined)
    .map((part, index) => (index === 1 ? t.operatorName(part) : part))
    .join(' · ')
  if (drive === null) return { first: task, second: note }
  if (drive.mode === 'eStop') return { first: t.armIsLoose, second: t.staysLoose }
  if (drive.mode === 'fault' && drive.cause !== null)
    return { first: causeText(drive.cause, language), second: t.keepHandsClear }
  const second =
    drive.mode === 'policy' || drive.mode === 'blend'
      ? t.moveLeaderToTakeOver
      : (drive.mode === 'holding' || drive.mode === 'slowStop') && drive.cause !== null
        ? causeText(drive.cause, language)
        : note
  return { first: task === '' ? t.noTask : task, second }
}
