/** Keys of the Policies screen (UI.md §4): the list by arrows, Enter fixes what can be fixed, then warms up. */
import type { DriveState } from '#contract/services/drive.ts'
import type { PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import type { App } from '../app/create-app.ts'
import type { Availability, Command } from '../keys/command.ts'
import { failures } from './check-text.ts'
import type { PoliciesText } from './messages.ts'
import type { Policies } from './use-policies.ts'

export interface PolicyCommandContext {
  readonly app: App
  readonly t: PoliciesText
  readonly policies: Pick<Policies, 'list' | 'checks' | 'look'>
  readonly entry: PolicyEntry | null
  readonly policy: PolicyState | null
  readonly drive: DriveState | null
  readonly hasRig: boolean
  readonly pick: (policyId: string) => void
  /** What the page can mend by itself, and how many lines it mends; null when nothing. */
  readonly fix: { readonly title: string; readonly run: () => void } | null
  readonly foresee: (() => void) | null
  readonly openImport: () => void
  /** Import that can be given up; null when none is looked at. */
  readonly cancelImport: (() => void) | null
  readonly remove: (entry: PolicyEntry) => void
  readonly undoRemove: (() => void) | null
}

const driving: ReadonlySet<string> = new Set(['policy', 'blend'])
const busy: ReadonlySet<string> = new Set(['loading', 'warming'])

/** A policy that drives is neither replaced nor taken away. */
const isDriving = ({ drive }: PolicyCommandContext): boolean => drive !== null && driving.has(drive.mode)

const isWarm = ({ policy, entry }: PolicyCommandContext): boolean =>
  policy?.status === 'warm' && policy.loaded?.id === entry?.id

function loadAvailability(context: PolicyCommandContext): Availability {
  const { t, entry, policies, policy, hasRig, drive } = context
  if (entry === null || entry.contract === null || busy.has(policy?.status ?? 'none')) return 'hidden'
  if (isWarm(context) && (!hasRig || drive?.policy?.id === entry.id)) return 'hidden'
  if (context.fix !== null) return 'hidden'
  if (isDriving(context)) return { blockedBy: t.whileDriving }
  const failing = failures(policies.checks[entry.id]?.lines ?? [])
  return failing > 0 ? { blockedBy: t.after(failing) } : 'ready'
}

function unloadAvailability(context: PolicyCommandContext): Availability {
  const loaded = context.policy?.loaded ?? null
  if (loaded === null || busy.has(context.policy?.status ?? 'none')) return 'hidden'
  return isDriving(context) ? { blockedBy: context.t.whileDriving } : 'ready'
}

function foreseeAvailability(context: PolicyCommandContext): Availability {
  if (context.foresee === null || context.entry?.kind !== 'internvla-a1') return 'hidden'
  if (isDriving(context)) return { blockedBy: context.t.whileDriving }
  return isWarm(context) ? 'ready' : { blockedBy: context.t.afterLoad }
}

function removeAvailability(context: PolicyCommandContext): Availability {
  const { entry, policy, t } = context
  if (entry === null) return 'hidden'
  if (policy?.loaded?.id === entry.id) return { blockedBy: t.afterUnload }
  return 'ready'
}

/** With a rig its host chooses, so that the policy is checked and can be handed to; without one it is only warmed up. */
const load = ({ app, entry, hasRig }: PolicyCommandContext): void => {
  if (entry === null) return
  const { id: policyId } = entry
  app.act((services) =>
    hasRig ? services.drive.selectPolicy({ policyId }) : services.policy.load({ policyId }),
  )
}

const unload = ({ app, drive }: PolicyCommandContext): void =>
  app.act(async (services) => {
    if (drive?.policy !== null && drive !== null) await services.drive.selectPolicy({ policyId: null })
    await services.policy.unload(undefined)
  })

function move({ policies, entry, pick }: PolicyCommandContext, step: 1 | -1): void {
  const list = policies.list ?? []
  const at = list.findIndex((candidate) => candidate.id === entry?.id)
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))]
  if (next !== undefined) pick(next.id)
}

export function policyCommands(context: PolicyCommandContext): readonly Command[] {
  const { t, policies, entry, fix } = context
  const tap = (
    id: string,
    title: string,
    chord: string,
    availability: Availability,
    run: () => void,
  ): Command => ({ id: `policies.${id}`, title, chords: [chord], press: 'down', availability, run })
  return [
    tap('next', t.next, 'ArrowDown', 'ready', () => move(context, 1)),
    tap('previous', t.previous, 'ArrowUp', 'ready', () => move(context, -1)),
    tap('import', t.import, 'O', 'ready', context.openImport),
    tap('fix', fix?.title ?? t.fix, 'Enter', fix === null ? 'hidden' : 'ready', () => fix?.run()),
    tap(
      'load',
      context.hasRig && isWarm(context) ? t.choose : t.load,
      'Enter',
      loadAvailability(context),
      () => load(context),
    ),
    tap('unload', t.unload, 'U', unloadAvailability(context), () => unload(context)),
    tap('foresee', t.foresee, 'V', foreseeAvailability(context), () => context.foresee?.()),
    tap('look', t.lookAgain, 'R', 'ready', () => policies.look()),
    tap('cancelImport', t.cancelImport, 'C', context.cancelImport === null ? 'hidden' : 'ready', () =>
      context.cancelImport?.(),
    ),
    tap('remove', t.remove, 'Delete', removeAvailability(context), () => {
      if (entry !== null) context.remove(entry)
    }),
    tap('undo', t.undo, 'Ctrl+Z', context.undoRemove === null ? 'hidden' : 'ready', () =>
      context.undoRemove?.(),
    ),
  ]
}
