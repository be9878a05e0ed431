/** Keys of the Policies screen: the list by arrows, Enter loads and warms up, U unloads, R looks again. */
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
  if (isDriving(context)) return { blockedBy: t.whileDriving }
  const failing = failures(policies.checks[entry.id]?.lines ?? [])
  return failing > 0 ? { blockedBy: t.after(failing) } : 'ready'
}

function unloadAvailability(context: PolicyCommandContext): Availability {
  const loaded = context.policy?.loaded ?? null
  if (loaded === null || busy.has(context.policy?.status ?? 'none')) return 'hidden'
  return isDriving(context) ? { blockedBy: context.t.whileDriving } : 'ready'
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
  const { t, policies } = context
  const down = { press: 'down', availability: 'ready' } as const
  return [
    { id: 'policies.next', title: t.next, chords: ['ArrowDown'], ...down, run: () => move(context, 1) },
    {
      id: 'policies.previous',
      title: t.previous,
      chords: ['ArrowUp'],
      ...down,
      run: () => move(context, -1),
    },
    {
      id: 'policies.load',
      title: context.hasRig && isWarm(context) ? t.choose : t.load,
      chords: ['Enter'],
      press: 'down',
      availability: loadAvailability(context),
      run: () => load(context),
    },
    {
      id: 'policies.unload',
      title: t.unload,
      chords: ['U'],
      press: 'down',
      availability: unloadAvailability(context),
      run: () => unload(context),
    },
    { id: 'policies.look', title: t.lookAgain, chords: ['R'], ...down, run: () => policies.look() },
  ]
}
