/** Rigs remembered between runs: one JSON file each under `DATA_DIR/rigs`. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rigConfig, type RigConfig } from '#contract/services/rig.ts'
import { writeFileAtomic } from '../shared/atomic-file.ts'

export interface RigStore {
  /** Alphabetical. A file that is not a rig is left alone and not listed. */
  list(): Promise<readonly RigConfig[]>
  save(rig: RigConfig): Promise<void>
  remove(name: string): Promise<void>
}

export function createRigStore(dataDir: string): RigStore {
  const dir = join(dataDir, 'rigs')
  const fileOf = (name: string): string => join(dir, `${name}.json`)
  return {
    async list() {
      const names = await readdir(dir).catch(() => [])
      const rigs: RigConfig[] = []
      for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
        const parsed = rigConfig.safeParse(await readJson(join(dir, name)))
        if (parsed.success) rigs.push(parsed.data)
      }
      return rigs
    },
    async save(rig) {
      await mkdir(dir, { recursive: true })
      await writeFileAtomic(fileOf(rig.name), `${JSON.stringify(rig, null, 2)}\n`)
    },
    remove: (name) => rm(fileOf(name), { force: true }),
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return null
  }
}
