/** What was read of datasets, for as long as it is true: the files that every change of a dataset replaces are compared each time. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { episodesFolder, infoPath } from '#core/dataset/layout.ts'
import { ok, type Result } from '#core/result.ts'
import type { DatasetContents } from '../shared/dataset/read-dataset.ts'
import { listSlots } from '../shared/dataset/slot-files.ts'

const maxDatasets = 16

interface Entry {
  readonly mark: string
  readonly contents: DatasetContents
}

/** Identity, size and time of the files that describe a dataset. */
async function markOf(root: string): Promise<string> {
  const files = await listSlots(root, episodesFolder)
  const paths = [infoPath, ...(files.ok ? files.value.map(({ path }) => path) : [])]
  const marks = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(join(root, path)).catch(() => null)
      return found === null ? '-' : `${found.ino} ${found.size} ${found.mtimeMs}`
    }),
  )
  return marks.join('\n')
}

export class ContentsCache {
  readonly #entries = new Map<string, Entry>()

  /** The contents as read before when nothing changed, else read again. */
  async get(root: string, read: () => Promise<Result<DatasetContents>>): Promise<Result<DatasetContents>> {
    const mark = await markOf(root)
    const known = this.#entries.get(root)
    if (known?.mark === mark) return ok(known.contents)
    const contents = await read()
    this.#entries.delete(root)
    if (contents.ok) this.#entries.set(root, { mark: await markOf(root), contents: contents.value })
    for (const oldest of this.#entries.keys())
      if (this.#entries.size > maxDatasets) this.#entries.delete(oldest)
    return contents
  }

  forget(root: string): void {
    this.#entries.delete(root)
  }
}
