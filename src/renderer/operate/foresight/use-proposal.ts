/** The words that propose a take-over while surprise is above the user's threshold and the policy drives. */
import { useApp, useLive } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { proposalOf } from './foresight-state.ts'
import { useForesight } from './foresight-store.ts'
import { foresightMessages } from './messages.ts'

export function useProposal(): { readonly title: string; readonly detail: string } | null {
  const t = useMessages(foresightMessages)
  const app = useApp()
  const isPolicy = useLive((s) => s.drive?.mode === 'policy' || s.drive?.mode === 'blend')
  const state = useForesight((now) => now)
  useRepaint(isPolicy && state.scores.length > 0)
  const found = isPolicy ? proposalOf(state, app.clock.nowRigUs()) : null
  return found === null ? null : { title: t.proposal(fixed(found.score, 2)), detail: t.proposalHint }
}
