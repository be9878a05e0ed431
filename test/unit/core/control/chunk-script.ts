/** A scripted chunk source for the executor's tests: answers when the test says so, with what the test says. */
import type { JointSpec, JointVector } from '#core/arm/arm-profile.ts'
import { ChunkExecutor, defaultChunkExecutorOptions } from '#core/control/chunk-executor.ts'
import type { ChunkExecutorOptions } from '#core/control/chunk-executor.ts'
import type { ActionChunk, ChunkObservation, ChunkReply, ChunkRequester } from '#core/control/chunk.ts'
import { fail, ok } from '#core/result.ts'
import type { Fault, Result } from '#core/result.ts'
import type { FaultCode } from '#core/errors.ts'

export const tickUs = 5000
export const stepUs = 1_000_000 / 30

const joint = (name: string): JointSpec => ({
  name,
  kind: 'revolute',
  servoId: 1,
  servoModel: 'sts3215',
  lower: -2,
  upper: 2,
  radPerUnit: 1,
})

export const joints = [joint('a'), joint('b')]

export class ScriptedRequester implements ChunkRequester {
  readonly requests: ChunkObservation[] = []
  fault: Fault | null = null
  cancelled = 0
  isDisposed = false
  private replies: ChunkReply[] = []

  faults(): readonly Fault[] {
    return this.fault === null ? [] : [this.fault]
  }

  request(observation: ChunkObservation): void {
    this.requests.push(observation)
  }

  poll(): readonly ChunkReply[] {
    return this.replies.splice(0)
  }

  cancel(): void {
    this.cancelled++
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
  }

  get last(): ChunkObservation {
    const last = this.requests.at(-1)
    if (last === undefined) throw new Error('nothing was requested')
    return last
  }

  reply(id: number, result: Result<ActionChunk>): void {
    this.replies.push({ id, result })
  }

  answer(steps: readonly JointVector[]): void {
    this.reply(this.last.id, ok({ stepUs, steps }))
  }

  refuse(code: FaultCode): void {
    this.reply(this.last.id, fail(code, 'scripted'))
  }
}

/** `length` steps from `from`, both joints moving at `ratePerStep`. */
export const ramp = (from: JointVector, ratePerStep: number, length = 50): JointVector[] =>
  Array.from({ length }, (_, step) => from.map((value) => value + ratePerStep * step))

export interface Bench {
  readonly executor: ChunkExecutor
  readonly requester: ScriptedRequester
  nowUs: number
  commanded: JointVector
  /** One tick: observe, sample, and follow when there is a pose. */
  tick(): Result<JointVector>
  /** Ticks for `ms`, calling `each` after every one. */
  run(ms: number, each?: (result: Result<JointVector>) => void): void
}

export function bench(options: Partial<ChunkExecutorOptions> = {}): Bench {
  const requester = new ScriptedRequester()
  const executor = new ChunkExecutor(requester, { ...defaultChunkExecutorOptions, joints, ...options })
  const made: Bench = {
    executor,
    requester,
    nowUs: 1_000_000,
    commanded: [0, 0],
    tick() {
      made.nowUs += tickUs
      executor.observe(made.nowUs, made.commanded, made.commanded)
      const result = executor.sample(made.nowUs)
      if (result.ok) made.commanded = result.value
      return result
    },
    run(ms, each) {
      for (let done = 0; done < ms * 1000; done += tickUs) {
        const result = made.tick()
        each?.(result)
      }
    },
  }
  return made
}

/** A bench whose first chunk has arrived and whose arm has been given. */
export function started(steps: readonly JointVector[], options: Partial<ChunkExecutorOptions> = {}): Bench {
  const made = bench(options)
  made.tick()
  made.requester.answer(steps)
  made.tick()
  made.executor.start(made.nowUs, made.commanded)
  return made
}

export const codeOf = (result: Result<JointVector>): string => (result.ok ? 'ok' : result.error.code)
