/** The dataset that a take goes to: its own, or, once that has gone and a person was told so, the one that is chosen now. */
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
  const own = await readInfo(datasetDir)
  if (own.ok || (own.error.code !== 'dataset/not-found' && own.error.code !== 'dataset/not-a-dataset'))
    return ok(datasetDir)
  if (elsewhere === null || elsewhere === datasetDir)
    return fail('record/dataset-gone', `${own.error.message}; the take stays in ${folder}`, {
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
