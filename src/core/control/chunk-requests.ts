/**
 * The executor's correspondence: one request at a time, answers matched by id, time-outs, delays and counts. It judges
 * when an answer came, not what is in it.
 */
import type { JointVector } from '../arm/arm-profile.ts'
import type { Fault, Result } from '../result.ts'
import { ChunkLatency } from './chunk-latency.ts'
import { requestLimitUs } from './chunk-patience.ts'
import type { ActionChunk, ChunkLeftOver, ChunkRequester } from './chunk.ts'

/** An answer with both clocks' readings at its observation. */
export interface ChunkAnswer {
  readonly observedUs: number
  /** Executed time at the observation. */
  readonly clockUs: number
  readonly result: Result<ActionChunk>
}

export interface ChunkRequestCounts {
  readonly requests: number
  /** Answers to a request that was given up. */
  readonly outOfOrder: number
  readonly timeouts: number
}

interface Outstanding {
  readonly id: number
  readonly timeUs: number
  readonly clockUs: number
}

export class ChunkRequests implements Disposable {
  readonly latency = new ChunkLatency()
  private readonly requester: ChunkRequester
  private readonly leastTimeoutUs: number
  private readonly counted = { requests: 0, outOfOrder: 0, timeouts: 0 }
  private nextId = 1
  private lastUs = Number.NEGATIVE_INFINITY
  private outstanding: Outstanding | null = null

  constructor(requester: ChunkRequester, leastTimeoutUs: number) {
    this.requester = requester
    this.leastTimeoutUs = leastTimeoutUs
  }

  /** After which a request is given up. */
  get limitUs(): number {
    return requestLimitUs(this.latency, this.leastTimeoutUs)
  }

  faults(): readonly Fault[] {
    return this.requester.faults()
  }

  /** Time since the last request when another may be made, else null. */
  idleUs(nowUs: number): number | null {
    return this.outstanding === null && this.faults().length === 0 ? nowUs - this.lastUs : null
  }

  ask(
    nowUs: number,
    clockUs: number,
    position: JointVector,
    commanded: JointVector,
    leftOver: ChunkLeftOver | null,
  ): void {
    const id = this.nextId++
    this.outstanding = { id, timeUs: nowUs, clockUs }
    this.lastUs = nowUs
    this.counted.requests++
    this.requester.request({ id, timeUs: nowUs, position, commanded, leftOver })
  }

  /** Answers since the last call that are still wanted; gives up a request that is too old. */
  collect(nowUs: number): readonly ChunkAnswer[] {
    const answers: ChunkAnswer[] = []
    for (const reply of this.requester.poll()) {
      if (this.outstanding?.id === reply.id) {
        const { timeUs, clockUs } = this.outstanding
        this.outstanding = null
        this.latency.add(nowUs - timeUs)
        answers.push({ observedUs: timeUs, clockUs, result: reply.result })
      } else this.counted.outOfOrder++
    }
    if (this.outstanding !== null && nowUs - this.outstanding.timeUs > this.limitUs) {
      this.counted.timeouts++
      // It takes at least as long: a policy that became slow is waited for longer the next time.
      this.latency.add(nowUs - this.outstanding.timeUs)
      this.drop()
    }
    return answers
  }

  /** Forgets the outstanding request; its answer will count as out of order. */
  drop(): void {
    if (this.outstanding !== null) this.requester.cancel()
    this.outstanding = null
  }

  counts(): ChunkRequestCounts {
    return { ...this.counted }
  }

  [Symbol.dispose](): void {
    this.drop()
    this.requester[Symbol.dispose]()
  }
}
