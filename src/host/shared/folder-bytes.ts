import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below a folder, hidden ones included; what cannot be read counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  let sum = 0
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += await folderBytes(path)
    else if (entry.isFile()) sum += (await stat(path).catch(() => null))?.size ?? 0
  }
  return sum
}
