/**
 * Remembers on disk that an arm was left powered, so that the next start can say "Hold since …", also after a kill. It is
 * written when torque comes on, again when the program leaves the arm holding, and removed when torque is confirmed off. It
 * names the rig, so that a page opened after a kill says which arm may still hold.
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { rigConfig, type RigConfig, type RigState } from '#contract/services/rig.ts'
import { writeFileAtomic } from '../../shared/atomic-file.ts'

const holdNote = z.object({
  /** ISO 8601. */
  since: z.string(),
  why: z.enum(['powered', 'main-lost', 'quit']),
  rig: rigConfig.optional().catch(undefined),
  /** The run of the program: the socket folder, which is new in each. A simulated arm does not outlive it. */
  run: z.string().optional(),
})
export type HoldNote = z.infer<typeof holdNote>

export class HoldFile {
  readonly #path: string
  #about: Pick<HoldNote, 'rig' | 'run'> = {}
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

  /** What notes are about from now on. */
  concern(rig: RigConfig, run: string): void {
    this.#about = { rig, run }
  }

  write(note: Pick<HoldNote, 'since' | 'why'>): Promise<void> {
    const text = `${JSON.stringify({ ...note, ...this.#about })}\n`
    return this.#after(() => writeFileAtomic(this.#path, text))
  }

  clear(): Promise<void> {
    return this.#after(() => rm(this.#path, { force: true }))
  }

  /** The rig that an ended host left with torque on and that may have it still, for `run`. */
  async left(run: string): Promise<RigState['left']> {
    const note = await this.read()
    if (note?.rig === undefined) return undefined
    const { rig, since } = note
    const arms = [rig.follower, rig.leader]
    const mayHold = note.run === run || arms.some((arm) => arm?.port.kind === 'serial')
    return mayHold ? { rig, since } : undefined
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
