/** Makes a folder that a person named, with its parents. Rejects with the system's error. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/**
 * Node's own recursive `mkdir` spins for ever where the system says that a parent is missing although it is there, as below
 * /proc: each folder is made once here.
 */
export async function makeFolders(path: string): Promise<void> {
  const missing: string[] = []
  for (let folder = resolve(path); !(await isThere(folder)); folder = dirname(folder)) {
    missing.push(folder)
    if (dirname(folder) === folder) break
  }
  for (const folder of missing.toReversed()) await makeOne(folder)
  if (missing.length === 0) await makeOne(resolve(path))
}

/** Rejects with EEXIST where something else than a folder has the name. */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const found = await stat(folder).catch(() => null)
    if (found?.isDirectory() !== true) throw error
  }
}

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
