/** Copies a take's chunk notes beside its episode, before the episode exists: a copy without its episode harms nobody. */
import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkNotesFolder } from '#core/dataset/chunk-note.ts'
import { ok, type Result } from '#core/result.ts'
import { ioFault } from '../../shared/dataset/io-fault.ts'
import { makeFolderIn } from '../../shared/dataset/make-folder.ts'
import { takeFiles, type TakeMeta } from './take-meta.ts'

/** A take without a policy has none. Fails as writing the dataset does. */
export async function keepChunkNotes(takeFolder: string, meta: TakeMeta): Promise<Result<void>> {
  const folder = join(meta.datasetDir, chunkNotesFolder)
  const source = join(takeFolder, takeFiles.chunks)
  try {
    if (!existsSync(source)) return ok(undefined)
    await makeFolderIn(meta.datasetDir, chunkNotesFolder)
    await copyFile(source, join(folder, `${meta.takeId}.jsonl`))
    return ok(undefined)
  } catch (error) {
    return { ok: false, error: ioFault(error, folder, 'dataset') }
  }
}
