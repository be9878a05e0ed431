/**
 * A file that only grows, written from a loop that must not wait: `append` copies into memory, `flush` writes and syncs.
 * Invariant: bytes reach the disk in the order of the appends, and nothing is written twice.
 */
import { open, type FileHandle } from 'node:fs/promises'

export class AppendFile {
  readonly path: string
  #handle: FileHandle | null = null
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #appended = 0
  #failure: unknown = null

  constructor(path: string) {
    this.path = path
  }

  /** Bytes appended so far, written or not: the offset of the next append. */
  get length(): number {
    return this.#appended
  }

  /** Bytes that wait for the disk. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** Takes a copy of `bytes`. */
  append(bytes: Uint8Array): void {
    this.#pending.push(bytes.slice())
    this.#pendingBytes += bytes.length
    this.#appended += bytes.length
  }

  /**
   * Writes and syncs everything appended before the call. One call at a time. Rejects with the system's error, and from
   * then on always: after a partial write nothing may follow.
   */
  async flush(): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    if (this.#pending.length === 0 && this.#handle !== null) return
    try {
      this.#handle ??= await open(this.path, 'a')
      const batch = Buffer.concat(this.#pending)
      this.#pending = []
      await this.#handle.writeFile(batch)
      this.#pendingBytes -= batch.length
      await this.#handle.datasync()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }
}
