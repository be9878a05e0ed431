/** The policy behind a server: several clients, each with its own episode, ask it one after the other. */
import type { PolicyDeclaration } from '#core/policy/openpi/declaration.ts'
import type { ObservationTemplate } from '#core/policy/openpi/observation-template.ts'
import type { WireMap } from '#core/policy/openpi/wire-value.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { Clock } from '../../../shared/clock.ts'
import { givenPictures } from '../../given-pictures.ts'
import type { Observation, Policy, PolicyChunk } from '../../policy.ts'
import { readQuestion, type Question } from './read-question.ts'
import { ViewHistory, type Views } from './view-history.ts'

export interface ServedPolicyOptions {
  readonly policy: Policy
  readonly template: ObservationTemplate
  readonly declaration: PolicyDeclaration
  /** Ticks that pass from one observation of a client to its next, where it does not count them itself. */
  readonly ticksPerQuestion: number
  /** Of the noise; null draws a new one for each chunk. */
  readonly seed: number | null
  readonly clock: Clock
}

export class ServedPolicy {
  readonly declaration: PolicyDeclaration
  readonly policy: Policy
  private readonly options: ServedPolicyOptions
  private queue: Promise<unknown> = Promise.resolve()

  constructor(options: ServedPolicyOptions) {
    this.options = options
    this.policy = options.policy
    this.declaration = options.declaration
  }

  get clock(): Clock {
    return this.options.clock
  }

  episode(): ServedEpisode {
    return new ServedEpisode(this, this.options)
  }

  /** Fails as the policy does, or with `contract/cancelled` where nobody waits any more when its turn comes. */
  infer(observation: Observation, signal: AbortSignal): Promise<Result<PolicyChunk>> {
    const answer = this.queue.then(() =>
      signal.aborted
        ? fail('contract/cancelled', 'nobody waits for this answer')
        : this.policy.infer(observation),
    )
    this.queue = answer.catch(() => undefined)
    return answer
  }
}

/** What one client shows and asks, from its connection or its reset on. */
export class ServedEpisode {
  private readonly served: ServedPolicy
  private readonly options: ServedPolicyOptions
  private readonly history: ViewHistory
  private last: Observation | null = null

  constructor(served: ServedPolicy, options: ServedPolicyOptions) {
    this.served = served
    this.options = options
    this.history = new ViewHistory(options.policy.pictureNeed?.historyTicks ?? 0)
  }

  reset(): void {
    this.history.clear()
    this.last = null
  }

  /**
   * Takes an observation in.
   * @param tick the client's own count of the policy's ticks; null counts for it
   * @returns `policy/wrong-shape` or `policy/not-finite`, naming the key
   */
  show(map: WireMap, tick: number | null): Result<void> {
    const { template, policy, clock, seed } = this.options
    const question = readQuestion(map, template, policy.contract)
    if (!question.ok) return question
    const views = this.views(question.value, tick)
    if (!views.ok) return views
    const { state, extras, task } = question.value
    this.last = { timeUs: clock(), state, extras, ...views.value, task, guide: null, seed }
    return ok(undefined)
  }

  /** The chunk for what was shown last. Fails with `policy/not-ready` before anything was, or as the policy does. */
  async ask(signal: AbortSignal): Promise<Result<PolicyChunk>> {
    if (this.last === null) return fail('policy/not-ready', 'nothing was shown since the reset')
    return this.served.infer(this.last, signal)
  }

  private views(
    { present, past }: Question,
    tick: number | null,
  ): Result<{ readonly pictures: Views; readonly past: Views }> {
    const { pictureNeed: need, contract } = this.options.policy
    if (need === null) return ok({ pictures: {}, past: {} })
    const pictures = givenPictures(present, contract.cameras, need)
    if (!pictures.ok) return pictures
    this.history.note(tick ?? this.nextTick(), pictures.value)
    const given = past.length > 0 ? givenPictures(past, contract.cameras, need) : ok(this.history.past())
    return given.ok ? ok({ pictures: pictures.value, past: need.historyTicks > 0 ? given.value : {} }) : given
  }

  private nextTick(): number {
    const { tick } = this.history
    return tick < 0 ? 0 : tick + this.options.ticksPerQuestion
  }
}
