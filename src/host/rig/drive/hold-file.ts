/**
 * Remembers on disk that an arm was left powered, so that the next start can say "Hold since …", also after a kill. It is
 * written when torque comes on, again when the program leaves the arm holding, and removed when torque is confirmed off.
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../shared/atomic-file.ts'

const holdNote = z.object({
  /** ISO 8601. */
  since: z.string(),
  why: z.enum(['powered', 'main-lost', 'quit']),
})
export type HoldNote = z.infer<typeof holdNote>

export class HoldFile {
  readonly #path: string
  /** Writes and removals, one after the other. */
  #last: Promise<void> = Promise.resolve()

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'hold-since.json')
  }

  /** What a former session left, or null. A file that cannot be understood counts as none. */
  async read(): Promise<HoldNote | null> {
    const text = await readFile(this.#path, 'utf8').catch(() => null)
    if (text === null) return null
    try {
      return holdNote.parse(JSON.parse(text))
    } catch {
      return null
    }
  }

  write(note: HoldNote): Promise<void> {
    return this.#after(() => writeFileAtomic(this.#path, `${JSON.stringify(note)}\n`))
  }

  clear(): Promise<void> {
    return this.#after(() => rm(this.#path, { force: true }))
  }

  /** Resolves when everything asked so far is on disk. Never rejects: a full disk must not stop an arm from stopping. */
  settled(): Promise<void> {
    return this.#last
  }

  #after(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work).catch(() => undefined)
    return this.#last
  }
}
