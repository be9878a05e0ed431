/** Files that are either the old or the new version, whatever dies in between: temp file, fsync, rename, fsync of the folder. */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Rejects with the system's error (ENOSPC, EROFS, EACCES…); the old file is then untouched. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a rename in `dir` durable. Windows cannot open folders and needs none of it. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
