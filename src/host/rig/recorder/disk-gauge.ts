/** How long recording can go on, from the free space and the measured rate. Unknown until a take has been measured. */
import { statfs } from 'node:fs/promises'

/** A take lies on disk twice while it is saved: in its journal and in the dataset. */
const copies = 2

export class DiskGauge {
  readonly #folder: string
  #freeBytes: number | null = null
  #bytesPerSecond: number | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Tells what a take of `seconds` has written so far. Takes of less than a second say nothing. */
  measure(bytes: number, seconds: number): void {
    if (seconds >= 1 && bytes > 0) this.#bytesPerSecond = bytes / seconds
  }

  /** Asks the file system. A folder that cannot be asked leaves the space unknown. */
  async refresh(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#folder)
      this.#freeBytes = bavail * bsize
    } catch {
      this.#freeBytes = null
    }
  }

  get secondsLeft(): number | null {
    if (this.#freeBytes === null || this.#bytesPerSecond === null) return null
    return this.#freeBytes / (copies * this.#bytesPerSecond)
  }
}
