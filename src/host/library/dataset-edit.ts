/** One edit of a dataset: the lock, what a dead process left, a transaction, and faults from any depth of the edit. */
import { type Fault, type Result } from '#core/result.ts'
import { lockDataset } from '../shared/dataset/dataset-lock.ts'
import { errnoOf, ioFault } from '../shared/dataset/io-fault.ts'
import type { DatasetContents } from '../shared/dataset/read-dataset.ts'
import { DatasetTransaction, recoverTransaction } from '../shared/dataset/transaction.ts'

class EditFault extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/** The value, or the end of the edit. */
export function need<T>(result: Result<T>): T {
  if (!result.ok) throw new EditFault(result.error)
  return result.value
}

/** Ends the edit with a fault. */
export function refuse(fault: Fault): never {
  throw new EditFault(fault)
}

/** Gives the contents as they are now; may know them from before. */
export type ReadContents = (root: string) => Promise<Result<DatasetContents>>

/**
 * Runs `edit`, which stages what is to happen; then commits, and tells `onCommitted` before the lock is given up. A fault leaves the dataset as it was. Codes: those of the
 * edit, of `lockDataset` and of `readDataset`.
 */
export async function editDataset<T>(
  root: string,
  read: ReadContents,
  edit: (transaction: DatasetTransaction, contents: DatasetContents) => Promise<T>,
  onCommitted?: () => Promise<void>,
): Promise<Result<T>> {
  const locked = await lockDataset(root)
  if (!locked.ok) return locked
  await using _lock = locked.value
  const transaction = new DatasetTransaction(root)
  try {
    await recoverTransaction(root)
    const value = await edit(transaction, need(await read(root)))
    await transaction.commit()
    await onCommitted?.()
    return { ok: true, value }
  } catch (error) {
    await transaction.abandon().catch(() => undefined)
    if (error instanceof EditFault) return { ok: false, error: error.fault }
    if (errnoOf(error) !== undefined) return { ok: false, error: ioFault(error, root, 'dataset') }
    throw error
  }
}
