/** Opens a dataset for reading. One that a dead process left half changed is put right first, when it can be written. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFolder } from '#core/dataset/layout.ts'
import type { Result } from '#core/result.ts'
import { lockDataset } from './dataset-lock.ts'
import { ioFault } from './io-fault.ts'
import { type DatasetContents, readDataset } from './read-dataset.ts'
import { hasOpenTransaction, recoverTransaction } from './transaction.ts'

/** Codes of `readDataset`, and of `lockDataset` when a change has to be finished. */
export async function openDataset(root: string): Promise<Result<DatasetContents>> {
  try {
    const isOurs = (await stat(join(root, privateFolder)).catch(() => null)) !== null
    if (!isOurs) return await readDataset(root)
    const read = (await hasOpenTransaction(root)) ? null : await readDataset(root)
    if (read?.ok === true && !(await hasOpenTransaction(root))) return read
    // A change was going on while we read, or was left half done: wait for it, or finish it.
    const locked = await lockDataset(root)
    if (!locked.ok) return read ?? locked
    await using _lock = locked.value
    await recoverTransaction(root)
    return await readDataset(root)
  } catch (error) {
    return { ok: false, error: ioFault(error, root, 'dataset') }
  }
}
