/**
 * Takes on disk that are not open: those left by a run that died, and those in the trash. A take moves between the folders
 * by one rename and is removed only after its episode is saved.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Outcome } from '#core/dataset/evidence.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { syncFolder } from '../../shared/atomic-file.ts'
import { errnoOf, ioFault } from '../../shared/dataset/io-fault.ts'
import { takesTrash } from '../../shared/trash.ts'
import { loadTake, type StoredTake } from './load-take.ts'
import { takeFiles, writeTakeFile } from './take-meta.ts'

const removing = '.removing-'

export class TakeShelf {
  readonly #takes: string
  readonly #trash: string

  constructor(dataDir: string) {
    this.#takes = join(dataDir, 'takes')
    this.#trash = takesTrash(dataDir)
  }

  folder(takeId: string): string {
    return join(this.#takes, takeId)
  }

  /** Reads one take. Code `record/io` when it is not there. */
  async load(takeId: string): Promise<Result<StoredTake>> {
    return await loadTake(this.folder(takeId))
  }

  /** Takes of earlier runs, oldest first, and the faults of folders that cannot be read. Sweeps what was being removed. */
  async list(): Promise<{ readonly takes: StoredTake[]; readonly faults: string[] }> {
    const takes: StoredTake[] = []
    const faults: string[] = []
    for (const name of await namesIn(this.#takes)) {
      const folder = join(this.#takes, name)
      if (name.startsWith(removing)) {
        await rm(folder, { recursive: true, force: true })
        continue
      }
      const take = await loadTake(folder)
      if (take.ok) takes.push(take.value)
      else faults.push(take.error.message)
    }
    return { takes: takes.sort((a, b) => (a.meta.startedAt < b.meta.startedAt ? -1 : 1)), faults }
  }

  /** Notes on disk that a take is to be saved, so that a later run finishes it. */
  async decide(takeId: string, outcome: Outcome): Promise<Result<void>> {
    return await this.#attempt(async () =>
      writeTakeFile(this.folder(takeId), takeFiles.decision, { outcome }),
    )
  }

  /** Removes a take for good: its episode is saved, or it has no frame. */
  async remove(takeId: string): Promise<Result<void>> {
    return await this.#attempt(async () => {
      const aside = join(this.#takes, removing + takeId)
      await rename(this.folder(takeId), aside)
      await rm(aside, { recursive: true, force: true })
    })
  }

  /** Moves a take to the trash. Entries are numbered in the order in which they came. */
  async discard(takeId: string): Promise<Result<void>> {
    return await this.#attempt(async () => {
      const last = (await namesIn(this.#trash)).at(-1)
      const number = last === undefined ? 1 : Number.parseInt(last, 10) + 1
      await this.#move(this.folder(takeId), join(this.#trash, `${String(number).padStart(8, '0')}-${takeId}`))
    })
  }

  /** Takes back the take that was discarded last. Code `record/not-recording` when the trash is empty. */
  async undoDiscard(): Promise<Result<StoredTake>> {
    const newest = (await namesIn(this.#trash)).at(-1)
    if (newest === undefined) return fail('record/not-recording', 'the trash is empty')
    const takeId = newest.slice(newest.indexOf('-') + 1)
    const moved = await this.#attempt(async () => this.#move(join(this.#trash, newest), this.folder(takeId)))
    return moved.ok ? await loadTake(this.folder(takeId)) : moved
  }

  async trashCount(): Promise<number> {
    return (await namesIn(this.#trash)).length
  }

  async #move(from: string, to: string): Promise<void> {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
    await syncFolder(dirname(to))
    await syncFolder(dirname(from))
  }

  async #attempt(action: () => Promise<void>): Promise<Result<void>> {
    try {
      await action()
      return ok(undefined)
    } catch (error) {
      return { ok: false, error: ioFault(error, this.#takes, 'record') }
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}
