/**
 * Which policy is loaded, and the one queue in front of it: loading, warming up and inferring never overlap. Its state
 * is what pages see; nothing it cannot vouch for is called warm.
 */
import { FaultError, type Fault } from '#core/result.ts'
import type { ChunkMessage, ObservationMessage, PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import { LatencyWindow } from './latency-window.ts'
import { openOnnxPolicy } from './onnx-policy.ts'
import type { Policy } from './policy.ts'
import { entryOf, readPolicies, type PolicyFolders, type StoredPolicy } from './policy-store.ts'

export class PolicyDesk implements AsyncDisposable {
  private readonly folders: PolicyFolders
  private readonly clock: Clock
  private readonly log: Log
  private readonly listeners = new Set<(state: PolicyState) => void>()
  private readonly faults = new Map<string, Fault>()
  private readonly latency = new LatencyWindow()
  private queue: Promise<unknown> = Promise.resolve()
  private policy: Policy | null = null
  private entry: PolicyEntry | null = null
  private status: PolicyState['status'] = 'none'
  private fault: Fault | null = null
  private nextChunkId = 1

  constructor(folders: PolicyFolders, clock: Clock, log: Log) {
    this.folders = folders
    this.clock = clock
    this.log = log
  }

  async list(): Promise<PolicyEntry[]> {
    const stored = await readPolicies(this.folders)
    return stored.map((policy) => entryOf(policy, this.faults.get(policy.id) ?? null))
  }

  /** @throws FaultError `policy/not-found` */
  async find(policyId: string): Promise<StoredPolicy> {
    const stored = (await readPolicies(this.folders)).find(({ id }) => id === policyId)
    if (stored !== undefined) return stored
    throw new FaultError({
      code: 'policy/not-found',
      message: `there is no policy ${policyId}`,
      data: { policyId },
    })
  }

  /** Loads and warms a policy in place of the present one. A policy that is loaded already is left as it is. @throws FaultError */
  load(policyId: string): Promise<PolicyEntry> {
    return this.inTurn(async () => {
      if (this.status === 'warm' && this.entry?.id === policyId) return this.entry
      await this.drop()
      const stored = await this.find(policyId)
      this.set('loading', entryOf(stored, null), null)
      const fault = await this.open(stored)
      if (fault === null) {
        this.faults.delete(policyId)
        const entry = entryOf(stored, null)
        this.set('warm', entry, null)
        this.log.info('policy', `${entry.name} is warm`, { policyId, provider: this.policy?.provider })
        return entry
      }
      this.faults.set(policyId, fault)
      await this.drop()
      this.set('failed', entryOf(stored, fault), fault)
      this.log.warn('policy', fault.message, { policyId, code: fault.code })
      throw new FaultError(fault)
    })
  }

  unload(): Promise<void> {
    return this.inTurn(() => this.drop())
  }

  /** @throws FaultError `policy/not-ready`, `contract/cancelled`, or what the policy fails with */
  infer(observation: ObservationMessage, signal: AbortSignal): Promise<ChunkMessage> {
    return this.inTurn(async () => {
      if (signal.aborted)
        throw new FaultError({ code: 'contract/cancelled', message: 'nobody waits for this chunk' })
      if (this.policy === null || this.status !== 'warm') {
        throw new FaultError({ code: 'policy/not-ready', message: `no policy is warm (${this.status})` })
      }
      const { policyId } = observation
      if (this.entry?.id !== policyId) {
        throw new FaultError({
          code: 'policy/not-ready',
          message: `${policyId} is not loaded any more`,
          data: { policyId },
        })
      }
      const chunk = await this.policy.infer({ ...observation, pictures: {}, past: {}, seed: null })
      if (!chunk.ok) {
        this.set('warm', this.entry, chunk.error)
        throw new FaultError(chunk.error)
      }
      this.fault = null
      this.latency.add(this.clock(), chunk.value.inferMs)
      const { hidden: _, ...numbers } = chunk.value
      return { ...numbers, chunkId: this.nextChunkId++, actions: new Float32Array(numbers.actions) }
    })
  }

  state(): PolicyState {
    return {
      loaded: this.entry,
      status: this.status,
      provider: this.policy?.provider ?? null,
      precision: this.policy?.precision ?? null,
      stages: {},
      fault: this.fault,
      latency: this.latency.summary(this.clock()),
      residentMemoryMb: process.memoryUsage.rss() / 1048576,
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unload()
    this.listeners.clear()
  }

  private async open({ folder, manifest }: StoredPolicy): Promise<Fault | null> {
    if (!manifest.ok) return manifest.error
    const opened = await openOnnxPolicy(folder, manifest.value, this.clock)
    if (!opened.ok) return opened.error
    this.policy = opened.value
    this.set('warming', this.entry, null)
    const warmed = await opened.value.warmUp()
    return warmed.ok ? null : warmed.error
  }

  private async drop(): Promise<void> {
    const { policy } = this
    this.policy = null
    this.set('none', null, null)
    await policy?.[Symbol.asyncDispose]()
  }

  private set(status: PolicyState['status'], entry: PolicyEntry | null, fault: Fault | null): void {
    this.status = status
    this.entry = entry
    this.fault = fault
    this.publish()
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work)
    this.queue = result.catch(() => undefined)
    return result
  }
}
