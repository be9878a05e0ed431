/**
 * Makes an empty dataset, or opens one for adding episodes after checking that the rig fits (DESIGN §5). Finishes first
 * what a dead process left half done.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { foresightPath, infoPath, privateFolder } from '#core/dataset/layout.ts'
import { type DatasetInfo, serialiseInfo } from '#core/dataset/info.ts'
import { compareRig } from '#core/dataset/rig-compatibility.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { makeFolders } from '../make-folders.ts'
import { lockDataset } from './dataset-lock.ts'
import { errnoOf, ioFault } from './io-fault.ts'
import { type DatasetContents, readDataset } from './read-dataset.ts'
import { DatasetTransaction, recoverTransaction } from './transaction.ts'

/** Content of meta/foresight.json: what info.json has no place for. */
export interface DatasetCharter {
  /** Unit by joint name, e.g. `deg`, `0..100`. */
  readonly units: Readonly<Record<string, string>>
  readonly rig: Readonly<Record<string, unknown>>
  readonly software: string
}

const columnNotes = {
  action: 'goal as sent to the follower, after all limits',
  'foresight.action_requested': 'goal as its source asked for it, before limits',
  'foresight.source': '0 hold, 1 human, 2 policy, 3 blend',
  'foresight.surprise':
    'how far what came was from what the policy had foreseen, 0 as foreseen; -1 where nothing was compared',
  'foresight.read_ns': 'when the follower was read, nanoseconds after the first grid time of the episode',
  'foresight.capture_ns.*':
    'when the picture was taken, nanoseconds after the first grid time of the episode',
}

async function contentOf(root: string): Promise<Result<'absent' | 'empty' | 'filled'>> {
  try {
    const names = await readdir(root)
    return ok(names.every((name) => name === privateFolder) ? 'empty' : 'filled')
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? ok('absent') : { ok: false, error: ioFault(error, root, 'dataset') }
  }
}

/**
 * Opens `root` for recording. Codes: `record/rig-mismatch` (data: `differences`), `record/read-only`, `record/disk-full`,
 * `record/busy`, and those of `readInfo`.
 */
export async function openForRecording(
  root: string,
  rig: DatasetInfo,
  charter: DatasetCharter,
): Promise<Result<DatasetContents>> {
  const content = await contentOf(root)
  if (!content.ok) return content
  try {
    const made = content.value === 'filled' ? ok(undefined) : await makeRoot(root)
    if (!made.ok) return made
    const locked = await lockDataset(root)
    if (!locked.ok) return locked
    await using _lock = locked.value
    await recoverTransaction(root)
    if (content.value !== 'filled') await writeEmpty(root, rig, charter)
    const opened = await readDataset(root)
    if (!opened.ok) return opened
    const differences = compareRig(opened.value.info, rig, opened.value.units, charter.units)
    if (differences.length > 0) {
      const list = differences.map((d) => `${d.what}: dataset ${d.dataset}, rig ${d.rig}`).join('; ')
      return fail('record/rig-mismatch', `this rig does not fit the dataset: ${list}`, { differences })
    }
    return opened
  } catch (error) {
    return { ok: false, error: ioFault(error, root, 'dataset') }
  }
}

async function makeRoot(root: string): Promise<Result<void>> {
  try {
    await makeFolders(join(root, privateFolder))
    return ok(undefined)
  } catch (error) {
    const fault = ioFault(error, root, 'dataset')
    // Some file systems that hold no folders of ours, such as /proc, say that there is none.
    return {
      ok: false,
      error: fault.code === 'dataset/not-found' ? { ...fault, code: 'record/read-only' } : fault,
    }
  }
}

async function writeEmpty(root: string, info: DatasetInfo, charter: DatasetCharter): Promise<void> {
  const transaction = new DatasetTransaction(root)
  const json = { version: 1, ...charter, columns: columnNotes }
  await transaction.put(foresightPath, JSON.stringify(json, null, 4))
  await transaction.put(infoPath, serialiseInfo(info))
  await transaction.commit()
}
