/**
 * Which policy is loaded, and the one queue in front of it: loading, warming up and inferring never overlap. Nothing it
 * cannot vouch for is called warm. A policy whose process dies is loaded again, a bounded number of times; until then
 * every question is answered with a fault, and the arm holds.
 */
import { FaultError, fail, ok, unwrap, type Fault, type Result } from '#core/result.ts'
import type {
  ChunkMessage,
  ObservationMessage,
  PolicyEntry,
  PolicySettings,
  PolicyState,
} from '#contract/services/policy.ts'
import type { Clock } from '../shared/clock.ts'
import type { Later } from '../shared/later.ts'
import type { Log } from '../shared/log.ts'
import { runBench, type BenchResult } from './bench.ts'
import { ForesightDesk } from './foresight-desk.ts'
import type { ForesightSink } from './foresight-sink.ts'
import { openStoredPolicy, type OpenPolicyOptions } from './open-policy.ts'
import type { PictureSource, PictureWish, SeenPictures } from './picture-source.ts'
import { pictureWish } from './picture-wish.ts'
import type { Policy } from './policy.ts'
import { PolicyStatus } from './policy-status.ts'
import { entryOf, readPolicies, type PolicyFolders, type StoredPolicy } from './policy-store.ts'
import { predictOnce, type PredictAnswer, type PredictQuestion } from './predict.ts'
import type { ProviderDesk } from './providers/provider-desk.ts'
import { Reloads } from './reloads.ts'
import { SettingsStore } from './settings-store.ts'

export interface PolicyDeskOptions {
  readonly folders: PolicyFolders
  /** Folder of the settings files. */
  readonly settingsDir: string
  readonly providers: ProviderDesk
  readonly clock: Clock
  readonly log: Log
  /** Null where nothing captures: policies that see then answer with `policy/pictures-stopped`. */
  readonly pictures: PictureSource | null
  readonly foresight: ForesightSink | null
  readonly later: Later
  readonly open?: (stored: StoredPolicy, options: OpenPolicyOptions) => Promise<Result<Policy>>
}

/** From the wish for pictures to the first, on a busy machine whose page has three cameras to draw. */
const firstPictureUs = 8_000_000

interface Loaded {
  readonly stored: StoredPolicy
  readonly policy: Policy
  readonly settings: PolicySettings
  readonly wish: PictureWish | null
}

export class PolicyDesk implements AsyncDisposable {
  private readonly options: PolicyDeskOptions
  private readonly store: SettingsStore
  private readonly status: PolicyStatus
  private readonly reloads: Reloads
  private readonly foresight: ForesightDesk
  private readonly faults = new Map<string, Fault>()
  private queue: Promise<unknown> = Promise.resolve()
  private loaded: Loaded | null = null
  private nextChunkId = 1
  private wishedUs = 0
  /** The instruction of the last question: the next one's, most likely. */
  private task: string | null = null
  /** Since the wish. */
  private hasSeen = false

  constructor(options: PolicyDeskOptions) {
    this.options = options
    this.store = new SettingsStore(options.settingsDir)
    this.status = new PolicyStatus(options.clock)
    this.reloads = new Reloads(options.later, options.clock)
    this.foresight = new ForesightDesk(options.foresight, options.clock, options.log, (ms) =>
      this.status.noteStages(null, { foresight: ms }),
    )
  }

  async list(): Promise<PolicyEntry[]> {
    const stored = await readPolicies(this.options.folders)
    return Promise.all(stored.map((policy) => this.entry(policy, this.faults.get(policy.id) ?? null)))
  }

  /** @throws FaultError `policy/not-found` */
  async find(policyId: string): Promise<StoredPolicy> {
    const stored = (await readPolicies(this.options.folders)).find(({ id }) => id === policyId)
    if (stored !== undefined) return stored
    throw new FaultError({
      code: 'policy/not-found',
      message: `there is no policy ${policyId}`,
      data: { policyId },
    })
  }

  /** @throws FaultError `shell/io`, `shell/settings-invalid` */
  async settings(policyId: string): Promise<PolicySettings> {
    return unwrap(await this.store.read(policyId))
  }

  /** Keeps the settings; the loaded policy takes them at once, by being loaded again where it must. @throws FaultError */
  configure(policyId: string, settings: PolicySettings): Promise<void> {
    return this.inTurn(async () => {
      await this.find(policyId)
      unwrap(await this.store.write(policyId, settings))
      const { loaded } = this
      if (loaded?.stored.id !== policyId) return
      if (needsReload(loaded.settings, settings)) await this.reopen(loaded.stored)
      else this.take({ ...loaded, settings })
      this.publish()
    })
  }

  /** Loads and warms a policy in place of the present one. A policy that is loaded already is left as it is. @throws FaultError */
  load(policyId: string): Promise<PolicyEntry> {
    return this.inTurn(async () => {
      this.reloads.forget()
      if (this.status.status === 'warm' && this.status.entry?.id === policyId) return this.status.entry
      return this.reopen(await this.find(policyId))
    })
  }

  unload(): Promise<void> {
    return this.inTurn(() => {
      this.reloads.forget()
      return this.drop()
    })
  }

  /** @throws FaultError `policy/not-ready`, `policy/pictures-stopped`, `contract/cancelled`, or what the policy fails with */
  infer(observation: ObservationMessage, signal: AbortSignal): Promise<ChunkMessage> {
    const askedUs = this.options.clock()
    return this.inTurn(async () => {
      const { policy, settings, wish, stored } = this.ready(observation.policyId, signal)
      const startUs = this.options.clock()
      const seen = this.look(observation.timeUs, wish)
      if (!seen.ok) {
        // A page that was just asked for pictures needs a moment: that is no fault of the policy.
        if (!this.hasSeen && startUs - this.wishedUs < firstPictureUs) throw new FaultError(seen.error)
        return this.refuse(seen.error)
      }
      this.hasSeen = true
      this.task = observation.task
      const { present: pictures, past, ageMs } = seen.value
      const chunk = await policy.infer({ ...observation, pictures, past, seed: settings.seed })
      if (!chunk.ok) return this.refuse(chunk.error)
      const { hidden, ...numbers } = chunk.value
      const queue = { queue: (startUs - askedUs) / 1000 }
      this.status.noteFault(null)
      const captureAge = wish === null ? {} : { captureAge: ageMs }
      const stagesMs = { ...captureAge, ...queue, ...numbers.stagesMs }
      this.status.noteStages(numbers.inferMs, stagesMs)
      const chunkId = this.nextChunkId++
      if (settings.hasForesight && hidden !== null)
        this.foresight.ask(policy, stored.id, chunkId, chunk.value)
      return {
        ...numbers,
        chunkId,
        actions: new Float32Array(numbers.actions),
        stagesMs,
      }
    })
  }

  /** @throws FaultError as `infer` */
  bench(policyId: string, runs: number, signal: AbortSignal): Promise<BenchResult> {
    return this.inTurn(async () => unwrap(await runBench(this.ready(policyId, signal).policy, runs, signal)))
  }

  /** @throws FaultError as `infer` */
  predict(question: PredictQuestion, signal: AbortSignal): Promise<PredictAnswer> {
    return this.inTurn(async () =>
      unwrap(await predictOnce(this.ready(question.policyId, signal).policy, question, this.options.clock())),
    )
  }

  /** Of the processes that compute for the loaded policy. */
  get processIds(): readonly number[] {
    return this.loaded?.policy.processIds ?? []
  }

  state(): PolicyState {
    return this.status.state()
  }

  /** The state now and after every change. */
  follow(listener: (state: PolicyState) => void): Disposable {
    return this.status.follow(listener)
  }

  publish(): void {
    this.status.publish()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unload()
    this.status.clear()
  }

  /** As a person set it up: the contract of a model that knows several robots is that of the one chosen. */
  private async entry(stored: StoredPolicy, fault: Fault | null): Promise<PolicyEntry> {
    const settings = await this.store.read(stored.id)
    return entryOf(stored, fault, settings.ok ? settings.value.robot : null)
  }

  private ready(policyId: string, signal: AbortSignal): Loaded {
    if (signal.aborted)
      throw new FaultError({ code: 'contract/cancelled', message: 'nobody waits for this answer' })
    const { loaded } = this
    if (loaded === null || this.status.status !== 'warm') {
      throw new FaultError({ code: 'policy/not-ready', message: `no policy is warm (${this.status.status})` })
    }
    if (loaded.stored.id === policyId) return loaded
    const message = `${policyId} is not loaded any more`
    throw new FaultError({ code: 'policy/not-ready', message, data: { policyId } })
  }

  private look(timeUs: number, wish: PictureWish | null): Result<SeenPictures> {
    if (wish === null) return ok({ present: {}, past: {}, ageMs: 0 })
    return (
      this.options.pictures?.at(timeUs, wish) ??
      fail('policy/pictures-stopped', 'nothing captures pictures for this policy')
    )
  }

  private refuse(fault: Fault): never {
    this.status.noteFault(fault)
    throw new FaultError(fault)
  }

  /** @throws FaultError */
  private async reopen(stored: StoredPolicy): Promise<PolicyEntry> {
    await this.drop()
    this.status.set('loading', await this.entry(stored, null), null)
    const opened = await this.open(stored)
    if (opened.ok) {
      this.faults.delete(stored.id)
      const entry = await this.entry(stored, null)
      this.take(opened.value)
      this.status.set('warm', entry, null)
      const { provider } = opened.value.policy
      this.options.log.info('policy', `${entry.name} is warm`, { policyId: stored.id, provider })
      return entry
    }
    const fault = opened.error
    this.faults.set(stored.id, fault)
    await this.drop()
    this.status.set('failed', await this.entry(stored, fault), fault)
    this.options.log.warn('policy', fault.message, { policyId: stored.id, code: fault.code })
    throw new FaultError(fault)
  }

  private async open(stored: StoredPolicy): Promise<Result<Loaded>> {
    const settings = await this.store.read(stored.id)
    if (!settings.ok) return settings
    const { clock, providers, log, open = openStoredPolicy } = this.options
    const { task } = this
    const opened = await open(stored, { settings: settings.value, providers, clock, log, task })
    if (!opened.ok) return opened
    const policy = opened.value
    const wish = pictureWish(stored.id, policy, settings.value)
    const loaded = { stored, policy, settings: settings.value, wish }
    this.loaded = loaded
    this.status.show(policy)
    this.status.set('warming', this.status.entry, null)
    const warmed = await policy.warmUp()
    if (!warmed.ok) return warmed
    void policy.ended?.then((fault) => this.ended(loaded, fault))
    return ok(loaded)
  }

  private take(loaded: Loaded): void {
    const wish = pictureWish(loaded.stored.id, loaded.policy, loaded.settings)
    this.loaded = { ...loaded, wish }
    this.wishedUs = this.options.clock()
    this.hasSeen = false
    this.options.pictures?.wish(wish)
  }

  /** The process of a policy is gone unasked. */
  private ended({ stored, policy }: Loaded, fault: Fault): void {
    void this.inTurn(async () => {
      if (this.loaded?.policy !== policy) return
      await this.drop()
      this.faults.set(stored.id, fault)
      this.status.set('failed', await this.entry(stored, fault), fault)
      this.options.log.error('policy', fault.message, { policyId: stored.id, ...fault.data })
      this.reloads.schedule(() => void this.reload(stored))
    })
  }

  private reload(stored: StoredPolicy): Promise<void> {
    return this.inTurn(async () => {
      if (this.status.status !== 'failed' || this.status.entry?.id !== stored.id) return
      await this.reopen(stored).catch(() => this.reloads.schedule(() => void this.reload(stored)))
    })
  }

  private async drop(): Promise<void> {
    const { loaded } = this
    this.loaded = null
    this.options.pictures?.wish(null)
    this.status.show(null)
    this.status.set('none', null, null)
    await loaded?.policy[Symbol.asyncDispose]()
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work)
    this.queue = result.catch(() => undefined)
    return result
  }
}

/** Where it computes, how exactly, with whose statistics, with pictures decoded: all of it is fixed when a policy is opened. */
const needsReload = (before: PolicySettings, after: PolicySettings): boolean =>
  before.provider !== after.provider ||
  before.precision !== after.precision ||
  before.robot !== after.robot ||
  before.hasForesight !== after.hasForesight
