/** Starts, follows and gives up evaluations of one open episode. Owner of their decoders until disposed. */
import type { StoreApi } from 'zustand'
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { PolicyEntry, PolicySettings } from '#contract/services/policy.ts'
import type { Services } from '../../../app/services.ts'
import { faultOf } from '../../../policies/fault-of.ts'
import { cameraIn } from '../../../policies/mapping.ts'
import { quantile } from '../../../policies/stage-bars.tsx'
import { areUnitsAssumed, datasetContract, evaluationLines } from './dataset-contract.ts'
import { EpisodePictures } from './episode-pictures.ts'
import { runOpenLoop, type OpenLoopRun } from './open-loop-run.ts'
import {
  createOpenLoopStore,
  predictedByJoint,
  type OpenLoopResult,
  type OpenLoopState,
} from './open-loop-state.ts'

export interface OpenLoopWish {
  readonly entry: PolicyEntry
  readonly stride: number
  readonly hasForesight: boolean
}

export interface OpenLoopParts {
  readonly detail: EpisodeDetail
  readonly dir: string
  readonly robotType: string | null
  readonly services: () => Pick<Services, 'policy' | 'library'> | null
  readonly nowMs: () => number
  readonly openPictures?: (library: Services['library']) => EpisodePictures
}

export class OpenLoopDesk implements Disposable {
  readonly store: StoreApi<OpenLoopState> = createOpenLoopStore()
  readonly #parts: OpenLoopParts
  #abort: AbortController | null = null

  constructor(parts: OpenLoopParts) {
    this.#parts = parts
  }

  cancel(): void {
    this.#abort?.abort()
  }

  async start(wish: OpenLoopWish): Promise<void> {
    const services = this.#parts.services()
    if (services === null || wish.entry.contract === null) return
    this.cancel()
    const abort = new AbortController()
    this.#abort = abort
    this.store.setState({ status: { kind: 'checking' }, result: null, isComparing: false })
    try {
      await this.#run(wish, services, abort)
    } catch (error) {
      if (this.#abort === abort) this.store.setState({ status: { kind: 'failed', fault: faultOf(error) } })
    }
  }

  [Symbol.dispose](): void {
    this.cancel()
    this.#abort = null
  }

  async #run(
    { entry, stride, hasForesight }: OpenLoopWish,
    services: Pick<Services, 'policy' | 'library'>,
    abort: AbortController,
  ): Promise<void> {
    const { detail, dir, robotType, nowMs, openPictures } = this.#parts
    const { contract } = entry
    if (contract === null) return
    const tell = (state: Partial<OpenLoopState>): void => {
      if (this.#abort === abort) this.store.setState(state)
    }
    using pictures = openPictures?.(services.library) ?? new EpisodePictures(detail, dir, services.library)
    const settings = await services.policy.settings({ policyId: entry.id })
    const sizes = contract.cameras.length === 0 ? { ok: true as const, value: [] } : await pictures.sizes()
    if (!sizes.ok) return tell({ status: { kind: 'failed', fault: sizes.error } })
    const rig = datasetContract(detail, robotType, sizes.value, contract)
    const checked = await services.policy.check({ policyId: entry.id, rig })
    const own = evaluationLines(detail, contract, settings)
    const lines = [...own, ...checked.filter(({ id }) => own.every((line) => line.id !== id))]
    const misfits = lines.filter(({ status }) => status === 'fail')
    if (misfits.length > 0)
      return tell({ status: { kind: 'misfit', lines: misfits, policyName: entry.name } })

    const cameras = Object.fromEntries(
      contract.cameras.flatMap(({ name }) => {
        const camera = cameraIn(name, settings, rig)
        return typeof camera === 'string' ? [[name, camera]] : []
      }),
    )
    const sinceMs = nowMs()
    const done = await runOpenLoop({
      policy: services.policy,
      entry,
      settings,
      detail,
      cameras,
      read: pictures.read,
      stride,
      hasForesight,
      signal: abort.signal,
      onChunk: (count, total, run) =>
        tell({
          status: { kind: 'running', done: count, total, sinceMs },
          result: this.#resultOf(run, entry, settings, cameras),
        }),
    })
    if (done.ok) tell({ status: { kind: 'done' } })
    else if (done.error.code === 'contract/cancelled') tell({ status: { kind: 'cancelled' } })
    else tell({ status: { kind: 'failed', fault: done.error } })
  }

  #resultOf(
    run: OpenLoopRun,
    entry: PolicyEntry,
    settings: PolicySettings,
    cameras: Readonly<Record<string, string>>,
  ): OpenLoopResult {
    const { detail } = this.#parts
    const medianMs = quantile(run.tookMs, 0.5)
    return {
      policyName: entry.name,
      score: run.loop.score(),
      frames: detail.summary.frames,
      channels: (entry.contract?.action ?? []).map(({ name }) => name.replace(/\.pos$/u, '')),
      predicted: predictedByJoint(run, detail, entry, settings),
      foresight: new Map(run.foresight),
      cameras,
      startOf: (frame) => run.loop.startOf(frame),
      medianMs: Number.isFinite(medianMs) ? medianMs : null,
      areUnitsAssumed: areUnitsAssumed(detail),
    }
  }
}
