/** What the builders of the live screen's commands know: states as told, and the acts they may perform. */
import type { FaultMessage } from '#contract/services/common.ts'
import type { DriveState } from '#contract/services/drive.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { OperatorState } from '#contract/services/sim.ts'
import type { App } from '../../app/create-app.ts'
import type { Language } from '../../i18n/define-messages.ts'
import type { Availability } from '../../keys/command.ts'
import type { Countdown } from '../countdown.ts'
import type { OperateText } from '../messages.ts'

export interface CommandContext {
  readonly app: App
  readonly t: OperateText
  readonly language: Language
  readonly drive: DriveState
  readonly record: RecordState | null
  readonly operator: OperatorState | null
  readonly countdown: Countdown
  readonly isCountingDown: boolean
  readonly isClearAsked: boolean
  readonly isSimulated: boolean
  readonly cameras: readonly string[]
  /** A camera that cannot give pictures to a take now, and why. */
  readonly brokenCamera: { readonly name: string; readonly fault: FaultMessage } | null
  /** Another page holds the lease: this one watches and can only stop. */
  readonly isWatching: boolean
}

/** What a watching page says of every command but stop. */
export const unlessWatching = (context: CommandContext, availability: Availability): Availability =>
  context.isWatching && availability !== 'hidden' ? { blockedBy: context.t.otherPageDrives } : availability
