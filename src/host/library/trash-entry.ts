/**
 * A deleted episode in a dataset's trash: its files at their old paths below the entry's folder, its row of meta/episodes,
 * and the old versions of the files that describe the dataset. While those have not changed since, undoing restores every
 * byte.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { trashFolder } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { errnoOf } from '../shared/dataset/io-fault.ts'

export const entryFile = 'entry.json'
export const rowFile = 'episode.parquet'

const trashEntry = z.object({
  version: z.literal(1),
  episodeIndex: z.number().int(),
  length: z.number().int(),
  /** Data and video files of the episode, paths in the dataset. */
  files: z.array(z.string()),
  /** The file of meta/episodes that held its row. */
  segment: z.string(),
  /** Old versions kept below the entry, and the SHA-256 of what replaced each; null when it was removed. */
  replaced: z.array(z.object({ path: z.string(), newSha256: z.string().nullable() })),
})
export type TrashEntry = z.infer<typeof trashEntry> & { readonly id: string }

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

export const entryPath = (id: string, path: string): string => `${trashFolder}/${id}/${path}`

/** Ids in the order in which the episodes were deleted. */
export async function listTrash(root: string): Promise<string[]> {
  try {
    return (await readdir(join(root, trashFolder))).filter((name) => /^\d+$/.test(name)).sort()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}

export async function nextTrashId(root: string): Promise<string> {
  const last = (await listTrash(root)).at(-1)
  return String(last === undefined ? 1 : Number(last) + 1).padStart(8, '0')
}

/** Code `dataset/damaged` when the entry makes no sense. */
export async function readTrashEntry(root: string, id: string): Promise<Result<TrashEntry>> {
  try {
    const text = await readFile(join(root, entryPath(id, entryFile)), 'utf8')
    return ok({ ...trashEntry.parse(JSON.parse(text)), id })
  } catch (error) {
    return fail('dataset/damaged', `the trash of ${root} cannot be read: ${String(error)}`)
  }
}

export function serialiseEntry({ id: _id, ...entry }: TrashEntry): string {
  return JSON.stringify(entry, null, 2)
}

/** True when every replaced file is as the deletion left it. */
export async function isUnchangedSince(root: string, entry: TrashEntry): Promise<boolean> {
  for (const { path, newSha256 } of entry.replaced) {
    const bytes = await readFile(join(root, path)).catch(() => null)
    if ((bytes === null ? null : sha256(bytes)) !== newSha256) return false
  }
  return true
}
