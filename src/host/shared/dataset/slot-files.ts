/** The numbered files of a folder of a dataset, in the order in which LeRobot reads them, and which number comes next. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  compareSlots,
  type FileSlot,
  firstSlot,
  nextSlot,
  slotOfPath,
  trashFolder,
} from '#core/dataset/layout.ts'
import { ok, type Result } from '#core/result.ts'
import { errnoOf, ioFault } from './io-fault.ts'

export interface SlotFile {
  /** Relative to the dataset, with `/`. */
  readonly path: string
  readonly slot: FileSlot
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return []
    throw error
  }
}

/** Files `chunk-N/file-N` of `folder`, sorted as text. Files that are still being written or named otherwise are not among them. */
export async function listSlots(
  root: string,
  folder: string,
  extension = '.parquet',
): Promise<Result<SlotFile[]>> {
  const files: SlotFile[] = []
  try {
    for (const chunk of await namesIn(join(root, folder))) {
      if (!/^chunk-\d+$/.test(chunk)) continue
      for (const name of await namesIn(join(root, folder, chunk))) {
        const path = `${folder}/${chunk}/${name}`
        const slot = name.endsWith(extension) ? slotOfPath(path) : null
        if (slot !== null) files.push({ path, slot })
      }
    }
  } catch (error) {
    return { ok: false, error: ioFault(error, join(root, folder), 'dataset') }
  }
  return ok(files)
}

/**
 * The slot for the next file of `folder`: after all that exist and all that the trash may want back, so that undoing a
 * deletion finds its places free.
 */
export async function freeSlot(
  root: string,
  folder: string,
  extension: string,
  chunksSize: number,
): Promise<Result<FileSlot>> {
  let last: FileSlot | null = null
  const trashed = (await namesIn(join(root, trashFolder))).map((id) => `${trashFolder}/${id}/${folder}`)
  for (const place of [folder, ...trashed]) {
    const files = await listSlots(root, place, extension)
    if (!files.ok) return files
    for (const { slot } of files.value) if (last === null || compareSlots(slot, last) > 0) last = slot
  }
  return ok(last === null ? firstSlot : nextSlot(last, chunksSize))
}
