/** Decodes what chunks foresee, beside control: one at a time, and a chunk that comes meanwhile is left out rather than queued. */
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import type { ForesightSink } from './foresight-sink.ts'
import type { Policy, PolicyChunk } from './policy.ts'

export class ForesightDesk {
  private readonly sink: ForesightSink | null
  private readonly clock: Clock
  private readonly log: Log
  private readonly onDecoded: (decodeMs: number) => void
  private isBusy = false
  private lastFault: string | null = null

  constructor(sink: ForesightSink | null, clock: Clock, log: Log, onDecoded: (decodeMs: number) => void) {
    this.sink = sink
    this.clock = clock
    this.log = log
    this.onDecoded = onDecoded
  }

  /** Returns at once. A decode that fails is logged: the chunk it belongs to is good without it. */
  ask({ foresee, contract }: Policy, policyId: string, chunkId: number, chunk: PolicyChunk): void {
    if (this.sink === null || foresee === null || chunk.hidden === null || this.isBusy) return
    this.isBusy = true
    void this.decode(foresee, chunk.hidden, { policyId, chunkId, fps: contract.fps, chunk }).finally(() => {
      this.isBusy = false
    })
  }

  private async decode(
    foresee: NonNullable<Policy['foresee']>,
    hidden: Float32Array,
    { policyId, chunkId, fps, chunk }: ForesightQuestion,
  ): Promise<void> {
    const foresight = await foresee(hidden)
    if (!foresight.ok) {
      // The same fault with every chunk is told once.
      if (this.lastFault === foresight.error.code) return
      this.lastFault = foresight.error.code
      this.log.warn('foresight', foresight.error.message, { policyId, chunkId, code: foresight.error.code })
      return
    }
    this.lastFault = null
    const { observationUs } = chunk
    const readyMs = (this.clock() - observationUs) / 1000
    this.onDecoded(foresight.value.decodeMs)
    this.sink?.predicted({ policyId, chunkId, observationUs, fps, readyMs, foresight: foresight.value })
  }
}

interface ForesightQuestion {
  readonly policyId: string
  readonly chunkId: number
  readonly fps: number
  readonly chunk: PolicyChunk
}
