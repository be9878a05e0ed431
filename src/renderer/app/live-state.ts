/**
 * What the page knows of the hosts, as last told. Null means "not told yet": a screen shows nothing in its place. Rig,
 * drive and record states are forgotten when their host or the link is lost, so that no old state passes for a true one.
 */
import { createStore, useStore, type StoreApi } from 'zustand'
import type { DriveState } from '#contract/services/drive.ts'
import type { PolicyState } from '#contract/services/policy.ts'
import type { RecordState } from '#contract/services/record.ts'
import type { RigConfig, RigState } from '#contract/services/rig.ts'
import type { HostStatus, Settings } from '#contract/services/shell.ts'
import type { OperatorState, SimFault } from '#contract/services/sim.ts'
import type { LinkStatus, Session } from './link.ts'

export interface LiveState {
  readonly link: LinkStatus
  readonly session: Session | null
  readonly drive: DriveState | null
  readonly record: RecordState | null
  readonly rig: RigState | null
  /** What was connected when the rig host ended, until a rig is connected again: an arm that had torque still has it. */
  readonly lostRig: RigConfig | null
  readonly policy: PolicyState | null
  readonly hosts: readonly HostStatus[] | null
  readonly settings: Settings | null
  readonly operator: OperatorState | null
  readonly simFaults: readonly SimFault[] | null
  /** Simulated seconds per real second; null without a simulator. */
  readonly simSpeed: number | null
  /** Milliseconds since the rig host was last heard, once that is too long; null while news are fresh. */
  readonly rigSilentMs: number | null
}

export type LiveStore = StoreApi<LiveState>

export const emptyLive: LiveState = {
  link: { status: 'connecting' },
  session: null,
  drive: null,
  record: null,
  rig: null,
  lostRig: null,
  policy: null,
  hosts: null,
  settings: null,
  operator: null,
  simFaults: null,
  simSpeed: null,
  rigSilentMs: null,
}

export const createLiveStore = (): LiveStore => createStore<LiveState>(() => emptyLive)

export const useLiveStore = <T>(store: LiveStore, select: (state: LiveState) => T): T =>
  useStore(store, select)
