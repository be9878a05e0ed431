/**
 * Folders inside a dataset that is there. The dataset's own folder is never made by the way: one that was moved away, or whose
 * disk was unmounted, would get a stray folder in its place that is in the way when it comes back.
 */
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { infoPath, privateFolder } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { errnoOf } from './io-fault.ts'

/** Makes `folder`, relative to the dataset with `/`, and its parents below `root`. Rejects with ENOENT where `root` is not. */
export async function makeFolderIn(root: string, folder: string): Promise<void> {
  let path = root
  for (const name of folder.split('/').filter((part) => part !== '' && part !== '.')) {
    path = join(path, name)
    try {
      await mkdir(path)
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
    }
  }
}

/**
 * Makes the folder of our own files where it lacks: only in what is a dataset. Codes `dataset/not-found`,
 * `dataset/not-a-dataset` (such as the empty place where a disk was mounted); rejects with the system's error.
 */
export async function makePrivateFolder(root: string): Promise<Result<void>> {
  if (await isThere(join(root, privateFolder))) return ok(undefined)
  if (!(await isThere(root))) return fail('dataset/not-found', `${root} is gone`, { path: root })
  if (!(await isThere(join(root, infoPath))))
    return fail('dataset/not-a-dataset', `${root} has no ${infoPath}`, { path: root })
  await makeFolderIn(root, privateFolder)
  return ok(undefined)
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false
    throw error
  }
}
