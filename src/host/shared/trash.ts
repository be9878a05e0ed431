/**
 * What a person discarded, deleted or removed and may still want back: takes, episodes of our own datasets, policies. Nothing
 * leaves here by itself; a person empties it.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { trashFolder } from '#core/dataset/layout.ts'
import { ok, type Result } from '#core/result.ts'
import { lockDataset } from './dataset/dataset-lock.ts'
import { ioFault } from './dataset/io-fault.ts'
import { folderBytes } from './folder-bytes.ts'

export const takesTrash = (dataDir: string): string => join(dataDir, 'trash', 'takes')
/** @param ownDir folder of the user's own policies */
export const policiesTrash = (ownDir: string): string => join(ownDir, '.trash')

export interface TrashItem {
  readonly kind: 'take' | 'episode' | 'policy'
  readonly path: string
  readonly sizeBytes: number
  /** When it came here, milliseconds since 1970. */
  readonly sinceMs: number
  /** The dataset that an episode belongs to. */
  readonly dataset: string | null
}

/** Everything in the trash of a data folder, oldest first. Datasets elsewhere keep their own. */
export async function listTrash(dataDir: string): Promise<readonly TrashItem[]> {
  const datasets = join(dataDir, 'datasets')
  const items = [
    ...(await itemsIn(takesTrash(dataDir), 'take', null)),
    ...(await itemsIn(policiesTrash(join(dataDir, 'policies')), 'policy', null)),
  ]
  for (const name of await readdir(datasets).catch(() => [])) {
    const root = join(datasets, name)
    items.push(...(await itemsIn(join(root, trashFolder), 'episode', root)))
  }
  return items.toSorted((a, b) => a.sinceMs - b.sinceMs)
}

/** Removes items for good; an episode's under the lock of its dataset. Codes `record/busy`, `shell/io`. */
export async function emptyTrash(items: readonly TrashItem[]): Promise<Result<void>> {
  for (const { path, dataset } of items) {
    const locked = dataset === null ? null : await lockDataset(dataset)
    if (locked?.ok === false) return locked
    await using _lock = locked?.value
    try {
      await rm(path, { recursive: true, force: true })
    } catch (error) {
      return { ok: false, error: ioFault(error, path, 'record') }
    }
  }
  return ok(undefined)
}

async function itemsIn(
  folder: string,
  kind: TrashItem['kind'],
  dataset: string | null,
): Promise<TrashItem[]> {
  const items: TrashItem[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    // A rename changes the time of the entry, not that of its content.
    if (found !== null)
      items.push({ kind, path, dataset, sizeBytes: await folderBytes(path), sinceMs: found.ctimeMs })
  }
  return items
}
