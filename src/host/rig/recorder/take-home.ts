/**
 * The dataset that a take goes to: its own, or, once that has gone or cannot be written and a person was told so, the one that
 * is chosen now.
 */
import { access, constants } from 'node:fs/promises'
import { compareRig } from '#core/dataset/rig-compatibility.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { readInfo } from '../../shared/dataset/read-dataset.ts'
import { specInfo } from './recording-rig.ts'
import { readTakeFile, takeFiles, takeMeta, writeTakeFile } from './take-meta.ts'

/**
 * Where to save the take in `folder`; notes it in the take when that is `elsewhere`, so that a later run goes on there. Codes:
 * `record/dataset-gone` when its dataset is not there any more, `record/rig-mismatch` when it does not fit `elsewhere`, and
 * those of `readInfo` for that one. Rejects with the system's error.
 */
export async function findHome(folder: string, elsewhere: string | null): Promise<Result<string>> {
  const meta = await readTakeFile(folder, takeFiles.meta, takeMeta)
  if (!meta.ok) return meta
  if (meta.value === null) return fail('record/io', `${folder} is no take`, { folder })
  const { datasetDir, spec } = meta.value
  const isOwn = elsewhere === null || elsewhere === datasetDir
  const own = await readInfo(datasetDir)
  const isGone =
    !own.ok && (own.error.code === 'dataset/not-found' || own.error.code === 'dataset/not-a-dataset')
  if (!isGone && (isOwn || (await isWritable(datasetDir)))) return ok(datasetDir)
  if (isOwn)
    return fail('record/dataset-gone', `${datasetDir} is no dataset any more; the take stays in ${folder}`, {
      path: datasetDir,
    })
  const info = await readInfo(elsewhere)
  if (!info.ok) return info
  const wanted = specInfo(spec)
  if (!wanted.ok) return wanted
  // Both were recorded by a rig of one robot type, which fixes the units.
  const differences = compareRig(info.value, wanted.value, null, {})
  if (differences.length > 0)
    return fail('record/rig-mismatch', `the take does not fit ${elsewhere}`, { path: elsewhere, differences })
  await writeTakeFile(folder, takeFiles.meta, { ...meta.value, datasetDir: elsewhere })
  return ok(elsewhere)
}

const isWritable = async (dir: string): Promise<boolean> =>
  access(dir, constants.W_OK).then(
    () => true,
    () => false,
  )
