/**
 * The graphs of one InternVLA model in a runner: one session on CPU, CUDA and DirectML; on WebGPU two, between which keys and
 * values stay on the device (spec/internvla-a1.md §7.1). Predicted pictures are decoded by a second runner of low priority.
 * A native session with its own device buffers would take the place of `RunnerSession` here, and nothing else would change.
 */
import type { Dialect } from '#core/onnx/graph-builder.ts'
import type { InternVlaModel } from '#core/policy/internvla/internvla-model.ts'
import { cacheNames } from '#core/policy/internvla/policy-graph.ts'
import { fullRoom, isRoomFor, roomOf, type SequenceRoom } from '#core/policy/internvla/sequence-room.ts'
import type { Tensors, TensorValue } from '#core/policy/tensor-value.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ProviderName } from '#contract/services/policy.ts'
import type { Feed, RunAnswer } from '../runner/protocol.ts'
import { RunnerProcess, type RunnerSession } from '../runner/runner-process.ts'
import type { ModelSource } from './model-source.ts'

export interface EngineOptions {
  readonly provider: ProviderName
  /** Environment of the processes that compute. */
  readonly env: Readonly<Record<string, string>>
  readonly threads: number
  readonly hasPrepacking: boolean
  readonly hasForesight: boolean
  /** Every intermediate is published. */
  readonly isTraced: boolean
  /** What the first sessions are opened for; null leaves them to the first call. */
  readonly room: SequenceRoom | null
}

export interface EngineAnswer {
  readonly outputs: Tensors
  readonly computeMs: number
}

interface Stage {
  readonly session: RunnerSession
  /** Outputs that the next stage takes. */
  readonly keep: readonly string[]
}

/** Sessions, and what their graphs have room for. */
interface Opened {
  readonly room: SequenceRoom
  readonly stages: readonly Stage[]
}

export class InternVlaEngine implements AsyncDisposable {
  readonly model: InternVlaModel
  readonly provider: ProviderName
  readonly hasForesight: boolean
  private readonly runner: RunnerProcess
  /** Null between sessions: closed ones make room before larger ones are opened. */
  private opened: Opened | null = null
  /** Of those sessions, also while they are opened anew: predictions of the last chunk may still be decoded then. */
  private views = fullRoom.views
  private readonly source: ModelSource
  private readonly options: EngineOptions
  private decodingRunner: RunnerProcess | null = null
  private decoder: Promise<Result<{ runner: RunnerProcess; session: RunnerSession }>> | null = null

  private constructor(source: ModelSource, options: EngineOptions, runner: RunnerProcess) {
    this.model = source.model
    this.provider = options.provider
    this.hasForesight = options.hasForesight
    this.source = source
    this.options = options
    this.runner = runner
  }

  /**
   * Does not take the source over. Fails with the source's faults, `policy/load-failed`, `policy/provider-failed` or
   * `policy/runner-died`.
   */
  static async open(source: ModelSource, options: EngineOptions): Promise<Result<InternVlaEngine>> {
    const runner = new RunnerProcess({ env: options.env, priority: 'normal' })
    const engine = new InternVlaEngine(source, options, runner)
    const opened = options.room === null ? ok(null) : await engine.openFor(options.room)
    if (opened.ok) return ok(engine)
    await runner[Symbol.asyncDispose]()
    return opened
  }

  /** Settles when the process that computes chunks is gone unasked. */
  get ended(): Promise<Fault> {
    return this.runner.ended
  }

  get processIds(): readonly number[] {
    return [this.runner, this.decodingRunner].flatMap((runner) => runner?.processId ?? [])
  }

  /** Whether a call of that much needs no larger sessions. */
  hasRoom(views: number, textTokens: number): boolean {
    return this.opened !== null && isRoomFor(this.opened.room, views, textTokens)
  }

  /**
   * The room of the graph that `run` takes feeds for, after larger sessions were opened where what is needed does not fit:
   * that takes as long as loading does. Fails as `open`; the next call tries again.
   * @param views slots up to the last one that is filled
   */
  async makeRoom(views: number, textTokens: number): Promise<Result<SequenceRoom>> {
    const { opened } = this
    if (opened !== null && isRoomFor(opened.room, views, textTokens)) return ok(opened.room)
    const room = roomOf(
      Math.max(views, opened?.room.views ?? 0),
      Math.max(textTokens, opened?.room.textTokens ?? 0),
    )
    this.opened = null
    for (const { session } of opened?.stages ?? []) await session.close()
    return this.openFor(room)
  }

  /** @param feeds everything that the graph takes, by its input names, for the room that `makeRoom` told */
  async run(feeds: Tensors): Promise<Result<EngineAnswer>> {
    const outputs: Record<string, TensorValue> = {}
    let computeMs = 0
    let carried: Readonly<Record<string, Feed>> = {}
    for (const { session, keep } of this.opened?.stages ?? []) {
      const all: Readonly<Record<string, Feed>> = { ...feeds, ...carried }
      const wanted: Record<string, Feed> = {}
      for (const { name } of session.inputs) {
        const feed = all[name]
        if (feed === undefined)
          return fail('policy/load-failed', `nothing is fed to ${name}`, { tensor: name })
        wanted[name] = feed
      }
      const answer: Result<RunAnswer> = await session.run(wanted)
      if (!answer.ok) return answer
      Object.assign(outputs, answer.value.outputs)
      computeMs += answer.value.computeMs
      carried = Object.fromEntries(keep.map((name) => [name, session.kept(name)]))
    }
    return ok({ outputs, computeMs })
  }

  /**
   * Decodes `gen_hidden` of a run. The first call loads the decoder.
   * @returns `foresight.images` [views, 3, 256, 256] and `foresight.latents`
   */
  async decode(hidden: Float32Array): Promise<Result<EngineAnswer>> {
    this.decoder ??= this.openDecoder()
    const decoder = await this.decoder
    if (!decoder.ok) return decoder
    const width = this.model.trunk.dims.exp_hidden
    const answer = await decoder.value.session.run({
      hidden: { type: 'float32', shape: [hidden.length / width, width], data: hidden },
    })
    // A decoder that died is opened anew for the next chunk; control never depends on it.
    if (!answer.ok && answer.error.code === 'policy/runner-died') this.decoder = null
    return answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner[Symbol.asyncDispose]()
    await this.closeDecoder()
  }

  private async openFor(room: SequenceRoom): Promise<Result<SequenceRoom>> {
    if (this.views !== room.views) await this.closeDecoder()
    this.views = room.views
    const stages = await openStages(this.source, this.options, room, this.runner)
    if (!stages.ok) return stages
    this.opened = { room, stages: stages.value }
    return ok(room)
  }

  private async closeDecoder(): Promise<void> {
    const decoder = await this.decoder
    this.decoder = null
    if (decoder?.ok === true) await decoder.value.runner[Symbol.asyncDispose]()
  }

  private async openDecoder(): Promise<Result<{ runner: RunnerProcess; session: RunnerSession }>> {
    const { provider, hasPrepacking } = this.options
    const dialect = dialectOf(provider)
    const graph = await this.source.graph({
      part: 'foresight',
      isTraced: false,
      hasForesight: true,
      dialect,
      // The instruction is nothing to it: one graph for all lengths.
      room: { ...fullRoom, views: this.views },
    })
    if (!graph.ok) return graph
    const runner = new RunnerProcess({ env: this.options.env, priority: 'low' })
    const session = await runner.open({
      ...graph.value,
      sidecars: [],
      provider,
      threads: 1,
      hasPrepacking,
      keep: [],
    })
    if (session.ok) {
      this.decodingRunner = runner
      return ok({ runner, session: session.value })
    }
    await runner[Symbol.asyncDispose]()
    return session
  }
}

const dialectOf = (provider: ProviderName): Dialect =>
  provider === 'dml' ? 'directml' : provider === 'cpu' ? 'cpu' : 'standard'

async function openStages(
  source: ModelSource,
  { provider, threads, hasPrepacking, isTraced, hasForesight }: EngineOptions,
  room: SequenceRoom,
  runner: RunnerProcess,
): Promise<Result<readonly Stage[]>> {
  const parts = provider === 'webgpu' ? (['perceive', 'act'] as const) : (['mono'] as const)
  const { layers } = source.model.trunk.dims
  const cache = Array.from({ length: layers }, (_, layer) => Object.values(cacheNames(layer))).flat()
  const stages: Stage[] = []
  for (const part of parts) {
    const graph = await source.graph({ part, isTraced, hasForesight, dialect: dialectOf(provider), room })
    if (!graph.ok) return graph
    const keep = part === 'perceive' ? cache : []
    const session = await runner.open({
      ...graph.value,
      sidecars: [],
      provider,
      threads,
      hasPrepacking,
      keep,
    })
    if (!session.ok) return session
    stages.push({ session: session.value, keep })
  }
  return ok(stages)
}
