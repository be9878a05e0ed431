/**
 * One take from its first row to its end. It never pauses. It ends at the last grid time that every camera has a picture
 * for (DESIGN §5), whoever or whatever ends it; what is on disk then is a whole episode.
 */
import type { ChunkOrigin } from '#core/control/chunk.ts'
import type { Fault, Result } from '#core/result.ts'
import { fail, ok } from '#core/result.ts'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import { ioFault } from '../../shared/dataset/io-fault.ts'
import type { VideoChunk } from './camera-journal.ts'
import { RowBuilder, type TickSample, type ToDatasetUnits } from './row-builder.ts'
import { TakeJournal } from './take-journal.ts'
import type { TakeClosing, TakeMeta } from './take-meta.ts'
import type { Timers } from './timers.ts'

const flushPeriodMs = 200
/** How long pictures of the last rows may be on their way after the end. */
const lastPicturesMs = 2000
/** A camera without its first picture by then gives none: nobody records for long what has no pictures. */
const firstPictureUs = 5_000_000
/** A disk slower than the cameras fills memory; the take ends before that does. */
const maxPendingBytes = 256 << 20

export type TakePhase = 'recording' | 'closing' | 'closed'

export interface TakeContext {
  readonly clock: () => number
  readonly timers: Timers
  readonly toDatasetUnits: ToDatasetUnits
  /** The take ends after `frames` rows; later pictures are not wanted. */
  readonly onStop: (frames: number) => void
  readonly onChange: () => void
}

/** What is asked of a take that is over, or never was. */
export const notRecording = (takeId: string): Result<never> =>
  fail('record/not-recording', `take ${takeId} is not open`, { takeId })

export class Take {
  readonly meta: TakeMeta
  readonly journal: TakeJournal
  readonly grid: FrameGrid
  /** Resolves once everything is on disk, or could not be written. */
  readonly closed: Promise<TakeClosing>
  readonly #rows: RowBuilder
  readonly #context: TakeContext
  readonly #began: Promise<Result<void>>
  readonly #flushTimer: Disposable
  #resolveClosed: (closing: TakeClosing) => void = () => undefined
  #phase: TakePhase = 'recording'
  #wanted: number | null = null
  #fault: Fault | null = null
  #deadline: Disposable | null = null
  #isFlushing = false

  constructor(folder: string, meta: TakeMeta, context: TakeContext, first: TickSample) {
    this.meta = meta
    this.journal = TakeJournal.create(folder, meta)
    this.grid = new FrameGrid(meta.t0Us, meta.spec.fps)
    this.#context = context
    this.#rows = new RowBuilder(this.grid, context.toDatasetUnits, (row) => this.journal.appendRow(row))
    this.#rows.push(first)
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#began = this.#begin()
    this.#flushTimer = context.timers.every(flushPeriodMs, () => void this.flush())
  }

  get phase(): TakePhase {
    return this.#phase
  }

  /** Why it was ended, when not by the operator. */
  get fault(): Fault | null {
    return this.#fault
  }

  /** Frames it has, or will have once closed. */
  get frames(): number {
    const { frames } = this.journal
    return this.#wanted === null ? frames : Math.min(frames, this.#wanted)
  }

  async #begin(): Promise<Result<void>> {
    try {
      await this.journal.begin(this.meta)
      return ok(undefined)
    } catch (error) {
      const fault = ioFault(error, this.journal.folder, 'record')
      this.#finish(fault, 0)
      return { ok: false, error: fault }
    }
  }

  /** A chunk that is followed from now on. */
  noteChunk(observationUs: number, { policyId, chunkId, seed, isGuided, question }: ChunkOrigin): void {
    if (this.#phase !== 'recording') return
    const { t0Us, spec } = this.meta
    const frame = Math.round(((observationUs - t0Us) * spec.fps) / 1e6)
    const asked = question === undefined ? {} : { question }
    this.journal.appendChunk({ chunkId, policyId, frame, observationUs, seed, isGuided, ...asked })
  }

  /** One pass of the control loop. Costs microseconds: it only fills buffers. */
  push(sample: TickSample): void {
    if (this.#phase === 'recording') this.#rows.push(sample)
  }

  /** The encoder of a camera announces its settings. Codes of `CameraJournal.configure`, `record/camera-missing`. A refusal ends the take. */
  configureCamera(camera: string, description: Uint8Array): Result<void> {
    return this.#ofCamera(camera, (journal) => journal.configure(description))
  }

  /** The next picture of a camera. Codes of `CameraJournal.put`, `record/camera-missing`. A refusal ends the take. */
  putVideo(camera: string, chunk: VideoChunk): Result<void> {
    if (this.#phase === 'closed' || (this.#wanted !== null && chunk.frameIndex >= this.#wanted))
      return ok(undefined)
    const done = this.#ofCamera(camera, (journal) => journal.put(chunk))
    if (done.ok && this.#phase === 'closing') this.#finishIfComplete()
    return done
  }

  #ofCamera(
    camera: string,
    act: (journal: {
      configure(d: Uint8Array): Result<void>
      put(c: VideoChunk): Result<void>
    }) => Result<void>,
  ): Result<void> {
    const journal = this.journal.cameras.get(camera)
    const done =
      journal === undefined
        ? fail('record/camera-missing', `the take has no camera ${camera}`, { camera })
        : act(journal)
    if (!done.ok) this.endNow(done.error)
    return done
  }

  /** Ends the take now. Pictures of its last rows may still arrive; `fault` says what ended it, null the operator. */
  stop(fault: Fault | null): void {
    if (this.#phase !== 'recording') return
    const frames = Math.max(0, this.grid.frameAt(this.#context.clock()) + 1)
    this.#rows.finish(frames)
    this.#wanted = Math.min(frames, this.journal.rows)
    this.#fault = fault
    this.#phase = 'closing'
    this.#context.onStop(this.#wanted)
    this.#deadline = this.#context.timers.after(lastPicturesMs, () => {
      const missing = fail('capture/lost', 'the last pictures did not arrive in time').error
      this.#finish(this.#fault ?? missing, this.frames)
    })
    this.#finishIfComplete()
    this.#context.onChange()
  }

  /** Ends the take with the pictures it has: no more will come. `fault` is null when the operator wants it so. */
  endNow(fault: Fault | null): void {
    if (this.#phase === 'closed') return
    if (this.#phase === 'recording') this.#rows.finish(this.grid.frameAt(this.#context.clock()) + 1)
    this.#finish(this.#fault ?? fault, this.frames)
  }

  #finishIfComplete(): void {
    if (this.#wanted !== null && this.journal.frames >= this.#wanted) this.#finish(this.#fault, this.#wanted)
  }

  #finish(fault: Fault | null, frames: number): void {
    if (this.#phase === 'closed') return
    if (this.#phase === 'recording') this.#context.onStop(frames)
    this.#phase = 'closed'
    this.#fault = fault
    this.#wanted = frames
    this.#flushTimer[Symbol.dispose]()
    this.#deadline?.[Symbol.dispose]()
    void this.#close({ frames, fault })
    this.#context.onChange()
  }

  async #close(closing: TakeClosing): Promise<void> {
    const began = await this.#began
    if (!began.ok) {
      this.#resolveClosed(closing)
      return
    }
    try {
      await this.journal.close(closing)
      this.#resolveClosed(closing)
    } catch (error) {
      await this.journal.closeFiles().catch(() => undefined)
      const fault = this.#fault ?? ioFault(error, this.journal.folder, 'record')
      this.#fault = fault
      this.#wanted = Math.min(closing.frames, this.journal.flushedFrames)
      this.#resolveClosed({ frames: this.#wanted, fault })
    }
    this.#context.onChange()
  }

  #endWithoutPictures(): void {
    if (this.#phase !== 'recording' || this.#context.clock() < this.meta.t0Us + firstPictureUs) return
    const [camera] = [...this.journal.cameras].find(([, journal]) => journal.frames === 0) ?? []
    if (camera !== undefined)
      this.endNow(fail('record/camera-missing', `${camera} has given no picture`, { camera }).error)
  }

  /** Makes durable what is there. Called by a timer; a failure ends the take. */
  async flush(): Promise<void> {
    this.#endWithoutPictures()
    if (this.#isFlushing || this.#phase === 'closed' || !(await this.#began).ok) return
    this.#isFlushing = true
    try {
      if (this.journal.pendingBytes > maxPendingBytes)
        this.endNow(fail('record/io', 'the disk is too slow for the cameras').error)
      await this.journal.flush()
      this.#context.onChange()
    } catch (error) {
      const fault = ioFault(error, this.journal.folder, 'record')
      this.#finish(fault, this.journal.flushedFrames)
    } finally {
      this.#isFlushing = false
    }
  }
}
