/** From the reason a host gives to what the screen does with a command: ready, hidden, or grey with its reason beside it. */
import type { FaultMessage } from '#contract/services/common.ts'
import { faultText } from '../../i18n/faults.ts'
import type { Language } from '../../i18n/define-messages.ts'
import type { Availability } from '../../keys/command.ts'

/** Reasons that only mean "not in this mode": the command is not shown then. */
const hiding: ReadonlySet<string> = new Set(['control/not-allowed'])

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** A reason as it stands after a verb, e.g. `no policy is chosen`. */
export const reasonText = (fault: FaultMessage, language: Language): string =>
  lowerFirst(faultText(fault.code, language).what)

export function availabilityOf(blocker: FaultMessage | null, language: Language): Availability {
  if (blocker === null) return 'ready'
  return hiding.has(blocker.code) ? 'hidden' : { blockedBy: reasonText(blocker, language) }
}
