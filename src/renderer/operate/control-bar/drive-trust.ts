/** Whether the drive state may be shown as true: fresh, or why not. */
import type { LiveState } from '../../app/live-state.ts'
import { useLive } from '../../app/app-context.tsx'

export type DriveTrust =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'linkLost' }
  /** The rig host is not running: no key can reach the arm. */
  | { readonly kind: 'hostDown' }
  | { readonly kind: 'silent'; readonly silentMs: number }

type TrustFacts = Pick<LiveState, 'link' | 'drive' | 'hosts' | 'rigSilentMs'>

export function driveTrust(state: TrustFacts): DriveTrust {
  if (state.link.status === 'lost') return { kind: 'linkLost' }
  const host = state.hosts?.find((h) => h.name === 'rig')
  if (host !== undefined && host.status !== 'running' && host.status !== 'starting')
    return { kind: 'hostDown' }
  if (state.rigSilentMs !== null) return { kind: 'silent', silentMs: state.rigSilentMs }
  return state.drive === null ? { kind: 'connecting' } : { kind: 'fresh' }
}

export function useDriveTrust(): DriveTrust {
  const kind = useLive((s) => driveTrust(s).kind)
  const silentMs = useLive((s) => s.rigSilentMs)
  return kind === 'silent' ? { kind, silentMs: silentMs ?? 0 } : { kind }
}
