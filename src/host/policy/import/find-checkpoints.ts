/**
 * Checkpoints that are on this machine already: what Hugging Face's tools have fetched, and what lies beside earlier
 * imports. And folders whose path begins as a person types it. Nothing is opened but small `config.json` files.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { readModel } from '#core/policy/internvla/model.ts'
import type { NearbyCheckpoint, NearbyFolder } from '#contract/services/policy-import.ts'

/** Folders in the list while a person types. */
const shownFolders = 8

/** Where `huggingface_hub` keeps what it fetched, by its own rules. */
export function hubFolder(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): string {
  const base = env['HF_HOME'] ?? join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'huggingface')
  return env['HF_HUB_CACHE'] ?? join(base, 'hub')
}

/** Snapshots of models in the hub's cache whose `config.json` is of an architecture that can be imported. */
export async function cachedCheckpoints(hub: string): Promise<NearbyCheckpoint[]> {
  const models = (await namesIn(hub)).filter((name) => name.startsWith('models--'))
  const found = await Promise.all(
    models.map(async (model) => {
      const snapshots = join(hub, model, 'snapshots')
      const name = model.slice('models--'.length).replaceAll('--', '/')
      return Promise.all(
        (await namesIn(snapshots)).map((revision) => checkpointIn(join(snapshots, revision), name)),
      )
    }),
  )
  return found.flat().filter((checkpoint) => checkpoint !== null)
}

/** Checkpoints among the folders that lie where `sources` do, they themselves included. */
export async function siblingCheckpoints(sources: readonly string[]): Promise<NearbyCheckpoint[]> {
  const parents = [...new Set(sources.map(dirname))]
  const found = await Promise.all(
    parents.map(async (parent) =>
      Promise.all((await namesIn(parent)).map((name) => checkpointIn(join(parent, name), name))),
    ),
  )
  return found.flat().filter((checkpoint) => checkpoint !== null)
}

/** Folders whose path begins with `path`, by name; hidden ones only once their dot is typed. */
export async function foldersLike(path: string): Promise<NearbyFolder[]> {
  const isWhole = /[/\\]$/u.test(path)
  const [parent, begin] = isWhole ? [path, ''] : [dirname(path), basename(path)]
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
  const wanted = begin.toLocaleLowerCase()
  const names = entries
    .filter(
      ({ name }) =>
        name.toLocaleLowerCase().startsWith(wanted) && (begin.startsWith('.') || !name.startsWith('.')),
    )
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .toSorted((a, b) => a.localeCompare(b))
  const folders: NearbyFolder[] = []
  for (const name of names) {
    if (folders.length === shownFolders) break
    const folder = join(parent, name)
    const about = await stat(folder).catch(() => null)
    if (about?.isDirectory() !== true) continue
    folders.push({ path: folder, isCheckpoint: (await checkpointIn(folder, name)) !== null })
  }
  return folders
}

async function checkpointIn(folder: string, name: string): Promise<NearbyCheckpoint | null> {
  const config = await readFile(join(folder, 'config.json'), 'utf8').catch(() => null)
  if (config === null) return null
  const dims = await readFile(join(folder, 'dims.json'), 'utf8').catch(() => null)
  const model = readModel(config, dims)
  if (!model.ok) return null
  const weights = (await namesIn(folder)).filter((file) => file.endsWith('.safetensors'))
  const sizes = await Promise.all(weights.map(async (file) => (await stat(join(folder, file))).size)).catch(
    () => [],
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return bytes === 0 ? null : { name, path: folder, architecture: model.value.architecture, bytes }
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
