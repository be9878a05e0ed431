/**
 * The policies on disk: those shipped with the program and the user's own, one folder each with a `manifest.json`. A
 * folder that cannot be used is listed with its fault, never left out silently. Nothing is executed to list it.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { contractOf, parseManifest, type PolicyManifest } from '#core/policy/manifest.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { PolicyEntry } from '#contract/services/policy.ts'

export interface PolicyFolders {
  /** Read-only, part of the program. */
  readonly shipped: string
  /** The user's own; need not exist. */
  readonly own: string
}

export interface StoredPolicy {
  readonly id: string
  readonly folder: string
  readonly manifest: Result<PolicyManifest>
}

/** Own policies carry this prefix, so that they never hide a shipped one of the same name. */
const ownPrefix = 'own/'

/** Shipped policies first, then the user's, each by name. */
export async function readPolicies({ shipped, own }: PolicyFolders): Promise<readonly StoredPolicy[]> {
  return [...(await readFolder(shipped, '')), ...(await readFolder(own, ownPrefix))]
}

async function readFolder(parent: string, prefix: string): Promise<StoredPolicy[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
  return Promise.all(
    names.toSorted().map(async (name) => {
      const folder = join(parent, name)
      return { id: prefix + name, folder, manifest: await readManifest(folder) }
    }),
  )
}

/** Fails with `policy/not-found` (no manifest), `policy/bad-manifest`, or `policy/not-onnx` (no model file, or an empty one). */
export async function readManifest(folder: string): Promise<Result<PolicyManifest>> {
  const path = join(folder, 'manifest.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    return fail('policy/not-found', `${path} cannot be read`, { path })
  }
  const manifest = parseManifest(text)
  if (!manifest.ok) return manifest
  const model = join(folder, manifest.value.model)
  const size = await stat(model).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  )
  return size > 0
    ? ok(manifest.value)
    : fail('policy/not-onnx', `${model} is missing or empty`, { path: model })
}

/** @param fault what went wrong when the policy was last loaded, shown until it is loaded again */
export function entryOf({ id, folder, manifest }: StoredPolicy, fault: Fault | null): PolicyEntry {
  if (!manifest.ok) {
    return {
      id,
      name: id,
      kind: 'onnx',
      description: '',
      isLearned: false,
      path: folder,
      license: null,
      contract: null,
      fault: manifest.error,
    }
  }
  const { name, kind, description, learned } = manifest.value
  const contract = mutable(contractOf(manifest.value))
  return { id, name, kind, description, isLearned: learned, path: folder, license: null, contract, fault }
}

/** The contract's message type has mutable arrays; a copy keeps ours read-only. */
const mutable = (contract: ReturnType<typeof contractOf>): NonNullable<PolicyEntry['contract']> => ({
  ...contract,
  cameras: [...contract.cameras],
  state: [...contract.state],
  action: [...contract.action],
  extras: contract.extras.map(({ name, shape }) => ({ name, shape: [...shape] })),
})
