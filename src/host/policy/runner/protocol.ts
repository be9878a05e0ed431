/**
 * What the policy host and a runner say to each other over the runner's IPC channel. Both ends are this program in the
 * same version, and neither crosses a trust boundary, so messages are typed and not validated again.
 */
import type { Fault } from '#core/result.ts'
import type { TensorInfo, TensorValue } from '#core/policy/tensor-value.ts'
import type { ProviderName } from '#contract/services/policy.ts'

export interface SessionRequest {
  /** A file's path, or the graph itself. */
  readonly model: string | Uint8Array
  /** Where a graph given as bytes has its external data; the runtime takes that from a folder or from memory, never from both. */
  readonly folder: string | null
  /** External data held in memory, by the location that the graph names; without `folder` only. */
  readonly sidecars: readonly { readonly path: string; readonly data: Uint8Array }[]
  readonly provider: ProviderName
  readonly threads: number
  /** Weights rearranged for speed at the price of a second copy in memory. */
  readonly hasPrepacking: boolean
  /** Outputs that stay where they were computed, for a later session of the same runner. */
  readonly keep: readonly string[]
}

/** A value, or an output that another session of this runner kept. */
export type Feed = TensorValue | { readonly kept: string; readonly session: number }

export type RunnerRequest =
  | { readonly id: number; readonly op: 'open'; readonly session: SessionRequest }
  | {
      readonly id: number
      readonly op: 'run'
      readonly session: number
      readonly feeds: Readonly<Record<string, Feed>>
      /** Null for all that are not kept. */
      readonly fetch: readonly string[] | null
    }
  | { readonly id: number; readonly op: 'close'; readonly session: number }

export interface OpenAnswer {
  readonly session: number
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

export interface RunAnswer {
  readonly outputs: Readonly<Record<string, TensorValue>>
  /** In the runner, without the way there and back. */
  readonly computeMs: number
}

export type RunnerReply =
  | { readonly id: number; readonly ok: true; readonly value: OpenAnswer | RunAnswer | null }
  | { readonly id: number; readonly ok: false; readonly fault: Fault }
