/** What the Rig screen is looking at, and the rig that is being written. Stays while the person visits other screens. */
import { createStore, useStore } from 'zustand'
import type { RigConfig } from '#contract/services/rig.ts'
import { useApp } from '../app/app-context.tsx'
import { simulatedPair } from '../first-run/simulated-pair.ts'
import { perApp } from '../ui/per-app.ts'
import { draftOf, newRig, type RigDraft } from './draft.ts'

/** A device of the connected rig. */
export type Device =
  | { readonly kind: 'arm'; readonly role: 'follower' | 'leader' }
  | { readonly kind: 'camera'; readonly name: string }

export interface RigView {
  readonly device: Device
  /** Name of the saved rig the draft came from; null for a new one. */
  readonly source: string | null
  readonly draft: RigDraft
  /** Wrong fields are marked once somebody tried to connect or save. */
  readonly isChecked: boolean
  readonly isHelpShown: boolean
}

const follower: Device = { kind: 'arm', role: 'follower' }

export const rigViewOf = perApp(() =>
  createStore<RigView>(() => ({
    device: follower,
    source: simulatedPair.name,
    draft: draftOf(simulatedPair),
    isChecked: false,
    isHelpShown: false,
  })),
)

export type RigViewStore = ReturnType<typeof rigViewOf>

export const useRigView = <T>(select: (view: RigView) => T): T => useStore(rigViewOf(useApp()), select)

export const pickRig = (store: RigViewStore, config: RigConfig | null): void =>
  store.setState({
    source: config?.name ?? null,
    draft: config === null ? newRig() : draftOf(config),
    isChecked: false,
    isHelpShown: false,
  })

export const pickDevice = (store: RigViewStore, device: Device): void =>
  store.setState({ device, isHelpShown: false })

export const editDraft = (store: RigViewStore, part: Partial<RigDraft>): void =>
  store.setState((view) => ({ draft: { ...view.draft, ...part } }))

export const isSameDevice = (a: Device, b: Device): boolean =>
  a.kind === 'arm' ? b.kind === 'arm' && a.role === b.role : b.kind === 'camera' && a.name === b.name

/** Arms, then cameras, in the order of the list. */
export const devicesOf = (rig: RigConfig): readonly Device[] => [
  follower,
  ...(rig.leader === null ? [] : [{ kind: 'arm', role: 'leader' } as const]),
  ...rig.cameras.map(({ name }) => ({ kind: 'camera', name }) as const),
]
