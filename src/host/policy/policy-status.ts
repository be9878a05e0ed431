/** What is known of the loaded policy, as pages see it, and who follows it. */
import type { Fault } from '#core/result.ts'
import type { PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import type { Clock } from '../shared/clock.ts'
import { LatencyWindow } from './latency-window.ts'
import type { Policy } from './policy.ts'
import { residentMemoryMb } from './process-memory.ts'

export class PolicyStatus {
  private readonly clock: Clock
  private readonly listeners = new Set<(state: PolicyState) => void>()
  private readonly latency = new LatencyWindow()
  private readonly stages = new Map<string, LatencyWindow>()
  private current: Policy | null = null
  private loaded: PolicyEntry | null = null
  private word: PolicyState['status'] = 'none'
  private trouble: Fault | null = null

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** The entry that is loaded or was last tried. */
  get entry(): PolicyEntry | null {
    return this.loaded
  }

  get status(): PolicyState['status'] {
    return this.word
  }

  set(status: PolicyState['status'], entry: PolicyEntry | null, fault: Fault | null): void {
    this.word = status
    this.loaded = entry
    this.trouble = fault
    this.publish()
  }

  /** The policy whose provider and processes are shown. */
  show(policy: Policy | null): void {
    this.current = policy
    if (policy === null) this.stages.clear()
  }

  /** A fault of one answer, or null after one that went well; the status stays. */
  noteFault(fault: Fault | null): void {
    this.trouble = fault
    if (fault !== null) this.publish()
  }

  /** @param wholeMs null for a stage beside the chunks, such as `foresight` */
  noteStages(wholeMs: number | null, stagesMs: Readonly<Record<string, number>>): void {
    const nowUs = this.clock()
    if (wholeMs !== null) this.latency.add(nowUs, wholeMs)
    for (const [stage, ms] of Object.entries(stagesMs)) {
      const window = this.stages.get(stage) ?? new LatencyWindow()
      this.stages.set(stage, window)
      window.add(nowUs, ms)
    }
  }

  state(): PolicyState {
    const nowUs = this.clock()
    const stages = [...this.stages].flatMap(([stage, window]) => {
      const summary = window.summary(nowUs)
      return summary === null ? [] : [[stage, summary] as const]
    })
    return {
      loaded: this.loaded,
      status: this.word,
      provider: this.current?.provider ?? null,
      precision: this.current?.precision ?? null,
      stages: Object.fromEntries(stages),
      fault: this.trouble,
      latency: this.latency.summary(nowUs),
      residentMemoryMb: residentMemoryMb(this.current?.processIds ?? []),
    }
  }

  /** The state now and after every change. */
  follow(listener: (state: PolicyState) => void): Disposable {
    listener(this.state())
    this.listeners.add(listener)
    return { [Symbol.dispose]: () => this.listeners.delete(listener) }
  }

  /** Sends the state again, for figures that change by themselves. */
  publish(): void {
    const state = this.state()
    for (const listener of this.listeners) listener(state)
  }

  clear(): void {
    this.listeners.clear()
  }
}
