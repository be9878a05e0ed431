/**
 * The recorder of the rig host: which dataset, which take, what becomes of it (DESIGN §5). It consumes every pass of the
 * control loop without ever waiting, and the next take can start while earlier ones are still being saved.
 */
import { randomUUID } from 'node:crypto'
import type { RecordState, CaptureOrder, DatasetChoice } from '#contract/services/record.ts'
import type { ChunkOrigin } from '#core/control/chunk.ts'
import type { Outcome } from '#core/dataset/evidence.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import { fail, type Fault, ok, type Result } from '#core/result.ts'
import { setEpisodeOutcome } from '../../shared/dataset/set-outcome.ts'
import type { VideoChunk } from './camera-journal.ts'
import { ClosedTake, type CurrentTake } from './closed-take.ts'
import { recordState } from './record-state.ts'
import { DiskGauge } from './disk-gauge.ts'
import { chooseDataset, type ChosenDataset } from './chosen-dataset.ts'
import type { RecordingRig } from './recording-rig.ts'
import { TickMemory } from './row-builder.ts'
import { type SaveJob, SaveQueue } from './save-queue.ts'
import type { SaveTake } from './save-thread.ts'
import { RecordingSession } from './recording-session.ts'
import { notRecording, Take } from './take.ts'
import { TakeShelf } from './take-shelf.ts'
import type { Timers } from './timers.ts'

export interface TakeRecorderOptions {
  readonly dataDir: string
  /** Machine-monotonic microseconds. */
  readonly clock: () => number
  /** Wall clock, ISO 8601. */
  readonly wallClock: () => string
  readonly timers: Timers
  readonly save: SaveTake
  readonly software: string
  readonly newTakeId?: () => string
}

/** From the order to frame 0: what the capturing page needs to hear of it. */
const leadUs = 100_000
const gaugePeriodMs = 5000

export class TakeRecorder implements AsyncDisposable {
  readonly #options: TakeRecorderOptions
  readonly #shelf: TakeShelf
  readonly #queue: SaveQueue
  readonly #gauge: DiskGauge
  readonly #gaugeTimer: Disposable
  readonly #ticks = new TickMemory()
  readonly #session = new RecordingSession()
  readonly #listeners = new Set<() => void>()
  readonly #orderListeners = new Set<(order: CaptureOrder) => void>()
  #rig: RecordingRig | null = null
  #dataset: ChosenDataset | null = null
  #current: CurrentTake | null = null
  #outcome: Outcome = 'unlabelled'
  #recovered: ClosedTake[] = []
  #trash = 0
  #failure: Fault | null = null
  #policy = ''

  constructor(options: TakeRecorderOptions) {
    this.#options = options
    this.#shelf = new TakeShelf(options.dataDir)
    this.#gauge = new DiskGauge(options.dataDir)
    this.#gaugeTimer = options.timers.every(gaugePeriodMs, () => void this.#refreshGauge())
    this.#queue = new SaveQueue(this.#shelf, options.save, {
      onSaved: (job) => {
        this.#failure = null
        this.#session.set(job, 'saved')
        if (this.#dataset?.dir === job.datasetDir) this.#dataset.episodes += 1
        this.#changed()
      },
      onFailed: (job, fault) => this.#onSaveFailed(job, fault),
    })
  }

  /** Reads what earlier runs left: takes already decided are saved, the others are offered. Call once, before the first take. */
  async recover(): Promise<void> {
    const { takes, faults } = await this.#shelf.list()
    for (const take of takes) {
      const closed = new ClosedTake(take)
      if (take.frames === 0) await this.#shelf.remove(take.meta.takeId)
      else if (take.decision === null) this.#recovered.push(closed)
      else this.#enqueue(closed, take.decision.outcome)
    }
    const [first] = faults
    if (first !== undefined) this.#failure = { code: 'record/io', message: first }
    this.#trash = await this.#shelf.trashCount()
    await this.#refreshGauge()
  }

  /** What the rig is now; null when it is not connected. Changing it during a take ends the take. */
  setRig(rig: RecordingRig | null): void {
    if (rig === this.#rig) return
    this.endTake(fail('record/rig-mismatch', 'the rig changed during the take').error)
    this.#rig = rig
    this.#changed()
  }

  /** The policy that stands ready, for the evidence of takes that start from now on; empty when none does. */
  setPolicy(name: string): void {
    this.#policy = name
  }

  /** A chunk that the arm follows. */
  noteChunk(observationUs: number, origin: ChunkOrigin): void {
    if (this.#current instanceof Take) this.#current.noteChunk(observationUs, origin)
  }

  /** One pass of the control loop. Never waits. */
  onTick(record: TickRecord): void {
    const sample = this.#ticks.take(record, this.#rig?.readSideChannels() ?? null)
    if (sample !== null && this.#current instanceof Take) this.#current.push(sample)
  }

  /**
   * Chooses the dataset, made when it does not exist. Codes: `record/busy` during a take, `control/not-connected` without a
   * rig, and those of `openForRecording`.
   */
  async choose(choice: DatasetChoice): Promise<Result<void>> {
    const rig = this.#rig
    if (this.#current !== null) return fail('record/busy', 'a take is open')
    if (rig === null) return fail('control/not-connected', 'no rig is connected')
    const chosen = await chooseDataset(choice, rig, this.#options)
    if (!chosen.ok) return chosen
    this.#dataset = chosen.value
    this.#changed()
    return ok(undefined)
  }

  /** Why a take cannot start now, or null. */
  blocker(): Fault | null {
    const rig = this.#rig
    if (this.#dataset === null) return fail('record/no-dataset', 'no dataset is chosen').error
    if (this.#current !== null) return fail('record/busy', 'a take is open, or closed and not decided').error
    if (rig === null || this.#ticks.latest === null)
      return fail('control/not-connected', 'the follower has not been read').error
    if (rig !== this.#dataset.rig)
      return fail('record/rig-mismatch', 'the rig changed: choose the dataset again').error
    if (rig.readSideChannels() === null)
      return fail('control/not-connected', 'a side channel has no value yet').error
    return null
  }

  /** Starts a take. Codes: those of `blocker`. */
  start(): Result<{ readonly takeId: string }> {
    const blocker = this.blocker()
    const [rig, dataset, first] = [this.#rig, this.#dataset, this.#ticks.latest]
    if (blocker !== null || rig === null || dataset === null || first === null)
      return { ok: false, error: blocker ?? fail('record/no-dataset', 'no dataset is chosen').error }
    const takeId = this.#options.newTakeId?.() ?? randomUUID()
    const t0Us = Math.floor(this.#options.clock()) + leadUs
    const meta = {
      version: 1 as const,
      takeId,
      number: dataset.episodes + this.#queue.jobs.filter((job) => job.datasetDir === dataset.dir).length + 1,
      datasetDir: dataset.dir,
      spec: dataset.spec,
      task: dataset.choice.task,
      operator: dataset.choice.operator,
      policy: this.#policy,
      rigHash: rig.rigHash,
      calibrationHash: rig.calibrationHash,
      t0Us,
      startedAt: this.#options.wallClock(),
    }
    const context = {
      clock: this.#options.clock,
      timers: this.#options.timers,
      toDatasetUnits: rig.toDatasetUnits,
      onStop: (frames: number) => this.#order({ kind: 'stop', takeId, frames }),
      onChange: () => this.#changed(),
    }
    const take = new Take(this.#shelf.folder(takeId), meta, context, first)
    this.#current = take
    this.#outcome = 'unlabelled'
    void take.closed.then((closing) => this.#onClosed(take, closing.frames))
    this.#order({
      kind: 'start',
      takeId,
      t0Us,
      fps: rig.spec.fps,
      cameras: rig.spec.cameras.map(({ name, width, height }) => ({ name, width, height })),
      keyInterval: rig.spec.cameras[0]?.keyInterval ?? 2,
    })
    this.#changed()
    return ok({ takeId })
  }

  /** The settings of a camera's encoder. Codes of `Take.configureCamera`; `record/not-recording` for another take. */
  configureCamera(takeId: string, camera: string, description: Uint8Array): Result<void> {
    const take = this.#openTake(takeId)
    return take === null ? notRecording(takeId) : take.configureCamera(camera, description)
  }

  /** The next picture of a camera. Codes of `Take.putVideo`; `record/not-recording` for a take that is over. */
  putVideo(takeId: string, camera: string, chunk: VideoChunk): Result<void> {
    const take = this.#openTake(takeId)
    return take === null ? notRecording(takeId) : take.putVideo(camera, chunk)
  }

  /** The pictures of a camera ended. Before the take did, the camera is lost: the take ends with what all cameras have. */
  cameraEnded(takeId: string, camera: string): void {
    const take = this.#openTake(takeId)
    if (take?.phase === 'recording')
      take.endNow(fail('capture/lost', `${camera} gives no pictures any more`, { camera }).error)
  }

  /** Takes that are being saved still want their last pictures. */
  readonly #closing = new Map<string, Take>()

  #openTake(takeId: string): Take | null {
    if (this.#current instanceof Take && this.#current.meta.takeId === takeId) return this.#current
    return this.#closing.get(takeId) ?? null
  }

  /** Ends the open take because of `fault` (stop, emergency stop, unplugged bus); it stays to be kept or discarded. */
  endTake(fault: Fault): void {
    if (this.#current instanceof Take) this.#current.stop(fault)
  }

  /** The capturing page is gone: no picture will come any more, for the open take and those just ended. */
  captureLost(fault: Fault): void {
    if (this.#current instanceof Take) this.#current.endNow(fault)
    for (const take of this.#closing.values()) take.endNow(fault)
  }

  /** Ends the take and saves it in the background, as it was labelled when `outcome` is null. Code `record/not-recording` without a take. */
  save(outcome: Outcome | null): Result<void> {
    const take = this.#current
    if (take === null) return fail('record/not-recording', 'there is no take')
    if (take instanceof Take) {
      take.stop(null)
      this.#closing.set(take.meta.takeId, take)
    }
    this.#current = null
    this.#enqueue(take, outcome ?? this.#outcome)
    this.#changed()
    return ok(undefined)
  }

  #enqueue(take: CurrentTake, outcome: Outcome): void {
    const { takeId, number, datasetDir } = take.meta
    const elsewhere = this.#session.hasFailed(takeId) ? (this.#dataset?.dir ?? null) : null
    this.#session.set({ takeId, number, outcome }, 'saving')
    this.#queue.add({ takeId, number, datasetDir, elsewhere, closed: take.closed, outcome })
  }

  /** Ends the take and moves it to the trash. Code `record/not-recording` without a take. */
  async discard(): Promise<Result<void>> {
    const take = this.#current
    if (take === null) return fail('record/not-recording', 'there is no take')
    if (take instanceof Take) take.endNow(null)
    this.#current = null
    this.#changed()
    return await this.#discard(take)
  }

  async #discard(take: CurrentTake): Promise<Result<void>> {
    const { takeId, number } = take.meta
    const { frames } = await take.closed
    const done = frames === 0 ? await this.#shelf.remove(takeId) : await this.#shelf.discard(takeId)
    if (!done.ok) {
      this.#failure = done.error
      await this.#offer(takeId)
    } else if (frames > 0) this.#session.set({ takeId, number, outcome: 'unlabelled' }, 'trash')
    this.#trash = await this.#shelf.trashCount()
    this.#changed()
    return done
  }

  /** Takes back what was discarded last: as the closed take, or among the recovered ones while another is open. */
  async undoDiscard(): Promise<Result<void>> {
    const stored = await this.#shelf.undoDiscard()
    if (!stored.ok) return stored
    const take = new ClosedTake(stored.value)
    if (this.#current === null && this.#dataset?.dir === take.meta.datasetDir) {
      this.#current = take
      this.#outcome = 'unlabelled'
    } else this.#recovered.push(take)
    this.#session.remove(take.meta.takeId)
    this.#trash = await this.#shelf.trashCount()
    this.#changed()
    return ok(undefined)
  }

  /** Labels the open or closed take, else the one saved last. Code `record/not-recording` when there is neither. */
  async setOutcome(outcome: Outcome): Promise<Result<void>> {
    if (this.#current !== null) {
      this.#outcome = outcome
      this.#changed()
      return ok(undefined)
    }
    const last = this.#session.lastSaved()
    const job = this.#queue.jobs.find((candidate) => candidate.takeId === last?.takeId)
    if (last === undefined) return fail('record/not-recording', 'there is no take to label')
    if (job !== undefined) {
      job.outcome = outcome
    } else if (this.#dataset !== null) {
      const done = await setEpisodeOutcome(this.#dataset.dir, { takeId: last.takeId }, outcome)
      if (!done.ok) return done
    }
    this.#session.set({ ...last, outcome }, last.state)
    this.#changed()
    return ok(undefined)
  }

  /** Saves a take that waits; once it was said that its dataset has gone, into the chosen one. Code `record/not-recording` for another. */
  keepRecovered(takeId: string): Result<void> {
    const take = this.#takeRecovered(takeId)
    if (take === null) return notRecording(takeId)
    this.#enqueue(take, take.outcome)
    this.#changed()
    return ok(undefined)
  }

  /** Moves a take of an earlier run to the trash. */
  async discardRecovered(takeId: string): Promise<Result<void>> {
    const take = this.#takeRecovered(takeId)
    return take === null ? notRecording(takeId) : await this.#discard(take)
  }

  #takeRecovered(takeId: string): ClosedTake | null {
    const found = this.#recovered.find((take) => take.meta.takeId === takeId) ?? null
    this.#recovered = this.#recovered.filter((take) => take !== found)
    return found
  }

  #onClosed(take: Take, frames: number): void {
    this.#closing.delete(take.meta.takeId)
    this.#gauge.measure(take.journal.bytes, frames / take.meta.spec.fps)
    this.#changed()
  }

  async #onSaveFailed(job: SaveJob, fault: Fault): Promise<void> {
    this.#failure = fault
    this.#session.set(job, 'failed')
    await this.#offer(job.takeId)
    this.#changed()
  }

  /** Offers a take that is still on disk, to be kept or discarded. */
  async #offer(takeId: string): Promise<void> {
    const stored = await this.#shelf.load(takeId)
    if (stored.ok) this.#recovered.push(new ClosedTake(stored.value))
  }

  readonly #refreshGauge = (): Promise<void> => this.#gauge.refresh().then(() => this.#changed())

  /** What the page shows. */
  state(): RecordState {
    return recordState({
      timeUs: this.#options.clock(),
      dataset: this.#dataset,
      take: this.#current,
      outcome: this.#outcome,
      jobs: this.#queue.jobs,
      session: this.#session,
      blocker: this.blocker(),
      recovered: this.#recovered,
      trash: this.#trash,
      failure: this.#failure,
      diskSecondsLeft: this.#gauge.secondsLeft,
    })
  }

  /** Called after every change; ask `state` then. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Orders for the capturing page, as they are given. */
  onOrder(listener: (order: CaptureOrder) => void): Disposable {
    this.#orderListeners.add(listener)
    return { [Symbol.dispose]: () => this.#orderListeners.delete(listener) }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  #order(order: CaptureOrder): void {
    for (const listener of this.#orderListeners) listener(order)
  }

  /** Resolves when nothing is left to save. */
  async idle(): Promise<void> {
    await this.#queue.idle()
  }

  /** Closes the open take on disk (the next start offers it) and waits for what is being saved. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#gaugeTimer[Symbol.dispose]()
    this.captureLost(fail('shell/host-down', 'the rig host ended').error)
    if (this.#current !== null) await this.#current.closed
    await this.idle()
  }
}
