/**
 * Runs the loaded policy over an episode, chunk by chunk: decodes the pictures of a frame, asks what the policy would do, and
 * lays the answer beside what was recorded. Nothing moves.
 */
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { PictureMessage, PolicyEntry, PolicySettings } from '#contract/services/policy.ts'
import { actionKey, stateKey } from '#core/dataset/feature.ts'
import { chunkStarts, historyFrames, OpenLoop } from '#core/policy/open-loop.ts'
import { recordedVectors } from '#core/policy/recorded-vectors.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { Services } from '../../../app/services.ts'
import { faultOf } from '../../../policies/fault-of.ts'
import { recordedColumn } from './dataset-contract.ts'

/** A decoded picture of one camera of the episode, at its own size or at the one given. */
export type PictureReader = (
  camera: string,
  slot: string,
  frame: number,
  size: { readonly width: number; readonly height: number } | undefined,
) => Promise<Result<PictureMessage>>

export interface RunParts {
  readonly policy: Pick<Services['policy'], 'predict'>
  readonly entry: PolicyEntry
  readonly settings: PolicySettings
  readonly detail: EpisodeDetail
  /** Camera of the episode for each slot of the policy; slots that stay empty are absent. */
  readonly cameras: Readonly<Record<string, string>>
  readonly read: PictureReader
  /** Frames between two chunks. */
  readonly stride: number
  readonly hasForesight: boolean
  readonly signal: AbortSignal
  /** After each chunk: how many of how many, and what is known so far. */
  readonly onChunk: (done: number, total: number, run: OpenLoopRun) => void
}

export interface OpenLoopRun {
  readonly loop: OpenLoop
  /** Pictures foreseen by the first frame of their chunk. */
  readonly foresight: ReadonlyMap<number, readonly PictureMessage[]>
  /** Milliseconds per chunk, all stages that were measured. */
  readonly tookMs: readonly number[]
}

/** The recording in the policy's order and units. Fails with `policy/contract-mismatch`. */
function recordingOf({
  detail,
  entry,
  settings,
}: RunParts): Result<{ loop: OpenLoop; states: Float64Array }> {
  const { contract } = entry
  const state = recordedColumn(detail, stateKey)
  const action = recordedColumn(detail, actionKey)
  if (contract === null || state === null || action === null)
    return fail('policy/contract-mismatch', 'the episode has no state or no action')
  const states = recordedVectors(contract.state, state, settings.joints)
  if (!states.ok) return states
  const actions = recordedVectors(contract.action, action, settings.joints)
  if (!actions.ok) return actions
  const loop = new OpenLoop({
    frames: detail.summary.frames,
    width: contract.action.length,
    actions: actions.value,
    isGripper: contract.action.map(({ unit }) => unit === 'range_0_100' || unit === 'range_0_1'),
  })
  return ok({ loop, states: states.value })
}

async function picturesAt(parts: RunParts, frame: number): Promise<Result<PictureMessage[]>> {
  const { entry, cameras, read } = parts
  const pictures: PictureMessage[] = []
  for (const { name, width, height } of entry.contract?.cameras ?? []) {
    const camera = cameras[name]
    if (camera === undefined) continue
    // Policies that pad and resize take any size; others take their own.
    const picture = await read(camera, name, frame, entry.kind === 'onnx' ? { width, height } : undefined)
    if (!picture.ok) return picture
    pictures.push(picture.value)
  }
  return ok(pictures)
}

/** Fails as decoding or the policy does, or with `contract/cancelled`. */
export async function runOpenLoop(parts: RunParts): Promise<Result<OpenLoopRun>> {
  const { entry, settings, detail, signal, stride, onChunk } = parts
  const recording = recordingOf(parts)
  if (!recording.ok) return recording
  const { loop, states } = recording.value
  const width = entry.contract?.state.length ?? 0
  const foresight = new Map<number, readonly PictureMessage[]>()
  const tookMs: number[] = []
  const run = { loop, foresight, tookMs }
  const starts = chunkStarts(detail.summary.frames, stride)
  for (const [index, start] of starts.entries()) {
    const present = await picturesAt(parts, start)
    if (!present.ok) return present
    const past = await picturesAt(parts, Math.max(0, start - historyFrames))
    if (!past.ok) return past
    if (signal.aborted)
      return fail('contract/cancelled', `given up after ${index} of ${starts.length} chunks`)
    try {
      const answer = await parts.policy.predict(
        {
          policyId: entry.id,
          state: Float32Array.from(states.subarray(start * width, (start + 1) * width)),
          extras: {},
          past: past.value,
          present: present.value,
          task: detail.summary.tasks[0] ?? '',
          seed: settings.seed ?? 0,
          hasForesight: parts.hasForesight,
        },
        { signal },
      )
      const added = loop.add(start, answer.actions, answer.length, answer.width)
      if (!added.ok) return added
      if (answer.foresight.length > 0) foresight.set(start, answer.foresight)
      tookMs.push(Object.values(answer.stagesMs).reduce((sum, ms) => sum + ms, 0))
    } catch (error) {
      return { ok: false, error: faultOf(error) }
    }
    onChunk(index + 1, starts.length, run)
  }
  return ok(run)
}
