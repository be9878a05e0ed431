/**
 * A take on disk while it happens: rows and encoded pictures, appended and synced at least every half second (DESIGN §5).
 * `flushedFrames` never counts a frame that a killed process could lose.
 */
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ChunkNote } from '#core/dataset/chunk-note.ts'
import { encodeTakeRow, type TakeRow, takeRowBytes, type TakeRowLayout } from '#core/dataset/take-row.ts'
import { syncFolder } from '../../shared/atomic-file.ts'
import { AppendFile } from './append-file.ts'
import { CameraJournal } from './camera-journal.ts'
import { takeFiles, type TakeClosing, type TakeMeta, writeTakeFile } from './take-meta.ts'

export class TakeJournal {
  readonly folder: string
  readonly cameras: ReadonlyMap<string, CameraJournal>
  readonly #layout: TakeRowLayout
  readonly #rows: AppendFile
  readonly #chunks: AppendFile
  readonly #scratch: Uint8Array
  #rowCount = 0
  #flushedFrames = 0
  #flushing: Promise<void> | null = null

  private constructor(folder: string, meta: TakeMeta) {
    this.folder = folder
    this.#layout = takeLayout(meta)
    this.#rows = new AppendFile(join(folder, takeFiles.rows))
    this.#chunks = new AppendFile(join(folder, takeFiles.chunks))
    this.#scratch = new Uint8Array(takeRowBytes(this.#layout))
    this.cameras = new Map(meta.spec.cameras.map((spec) => [spec.name, new CameraJournal(folder, spec)]))
  }

  /** The journal at once, so that rows can be taken in; its folder appears with `begin`. */
  static create(folder: string, meta: TakeMeta): TakeJournal {
    return new TakeJournal(folder, meta)
  }

  /** Makes the folder and writes what the take is. Rejects with the system's error. */
  async begin(meta: TakeMeta): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    await writeTakeFile(this.folder, takeFiles.meta, meta)
    await syncFolder(dirname(this.folder))
  }

  get rows(): number {
    return this.#rowCount
  }

  /** Frames that have their row and a picture of every camera. */
  get frames(): number {
    return Math.min(this.#rowCount, ...[...this.cameras.values()].map((camera) => camera.frames))
  }

  get flushedFrames(): number {
    return this.#flushedFrames
  }

  /** Bytes appended so far. */
  get bytes(): number {
    return this.#rows.length + [...this.cameras.values()].reduce((sum, camera) => sum + camera.bytes, 0)
  }

  get pendingBytes(): number {
    return (
      this.#rows.pendingBytes +
      [...this.cameras.values()].reduce((sum, camera) => sum + camera.pendingBytes, 0)
    )
  }

  appendRow(row: TakeRow): void {
    encodeTakeRow(row, this.#layout, new DataView(this.#scratch.buffer), 0)
    this.#rows.append(this.#scratch)
    this.#rowCount += 1
  }

  /** Where a chunk that was followed came from: with the episode it can be computed again. */
  appendChunk(note: ChunkNote): void {
    this.#chunks.append(Buffer.from(`${JSON.stringify(note)}\n`))
  }

  /** Makes durable what is there now. Calls while one is running wait for it and then flush the rest. */
  async flush(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing
    const { frames } = this
    this.#flushing = this.#flushFiles().finally(() => {
      this.#flushing = null
    })
    await this.#flushing
    this.#flushedFrames = frames
  }

  async #flushFiles(): Promise<void> {
    await Promise.all([
      this.#rows.flush(),
      this.#chunks.length === 0 ? null : this.#chunks.flush(),
      ...[...this.cameras.values()].map(async (camera) => camera.flush()),
    ])
  }

  /** Flushes, closes the files and says how the take ended. */
  async close(closing: TakeClosing): Promise<void> {
    await this.flush()
    await this.closeFiles()
    await writeTakeFile(this.folder, takeFiles.closing, closing)
  }

  async closeFiles(): Promise<void> {
    await this.#rows.close()
    await this.#chunks.close()
    for (const camera of this.cameras.values()) await camera.close()
  }
}

export function takeLayout(meta: TakeMeta): TakeRowLayout {
  return {
    joints: meta.spec.jointNames.length,
    sideValues: meta.spec.sideChannels.reduce((sum, channel) => sum + channel.names.length, 0),
  }
}
