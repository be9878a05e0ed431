/** Imports that were begun and never finished: kept for a while, because a conversion goes on where it stopped, then removed. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders of unfinished imports; a dot keeps them out of the list. */
export const draftName = (slug: string): string => `.${slug}.import`
const isDraft = (name: string): boolean => /^\..+\.import$/u.test(name)

const keptMs = 7 * 24 * 3_600_000

/** Removes drafts that nobody touched for a week. A folder that cannot be read or removed stays. */
export async function sweepDrafts(ownDir: string, nowMs: number): Promise<void> {
  for (const name of (await readdir(ownDir).catch(() => [])).filter(isDraft)) {
    const folder = join(ownDir, name)
    const touched = await lastChange(folder).catch(() => nowMs)
    if (nowMs - touched > keptMs) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Of the folder or anything directly in it, milliseconds since 1970. */
async function lastChange(folder: string): Promise<number> {
  const paths = [folder, ...(await readdir(folder)).map((name) => join(folder, name))]
  const changes = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs))
  return Math.max(...changes)
}
