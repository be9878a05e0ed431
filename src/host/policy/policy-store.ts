/**
 * The policies on disk: those shipped with the program and the user's own, one folder each. A folder that cannot be used is
 * listed with its fault, never left out silently. Nothing is executed to list it.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import type { Fault, Result } from '#core/result.ts'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { describeFolder, factsOf, type PolicyDescription } from './policy-description.ts'

export interface PolicyFolders {
  /** Read-only, part of the program. */
  readonly shipped: string
  /** The user's own; need not exist. */
  readonly own: string
  /** The program's read-only files. */
  readonly resourcesDir: string
}

export interface StoredPolicy {
  readonly id: string
  readonly folder: string
  readonly described: Result<PolicyDescription>
}

/** Own policies carry this prefix, so that they never hide a shipped one of the same name. */
export const ownPrefix = 'own/'

/** Shipped policies first, then the user's, each by name. */
export async function readPolicies({
  shipped,
  own,
  resourcesDir,
}: PolicyFolders): Promise<readonly StoredPolicy[]> {
  return [
    ...(await readFolder(shipped, '', resourcesDir)),
    ...(await readFolder(own, ownPrefix, resourcesDir)),
  ]
}

/** Folders that begin with a dot are being written or are in the trash. */
async function readFolder(parent: string, prefix: string, resourcesDir: string): Promise<StoredPolicy[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
  const names = entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
  return Promise.all(
    names.toSorted().map((name) => readPolicy(prefix + name, join(parent, name), resourcesDir)),
  )
}

export async function readPolicy(id: string, folder: string, resourcesDir: string): Promise<StoredPolicy> {
  return { id, folder, described: await describeFolder(folder, resourcesDir) }
}

/**
 * @param fault what went wrong when the policy was last loaded, shown until it is loaded again
 * @param robot key of the statistics that a person chose, null for the policy's own
 */
export function entryOf(
  { id, folder, described }: StoredPolicy,
  fault: Fault | null,
  robot: string | null = null,
): PolicyEntry {
  if (described.ok) {
    const { contract, ...facts } = factsOf(described.value, robot)
    return { id, path: folder, ...facts, contract: mutable(contract), fault }
  }
  return {
    id,
    name: id,
    kind: 'onnx',
    description: '',
    isLearned: false,
    path: folder,
    license: null,
    contract: null,
    fault: described.error,
  }
}

/** The contract's message type has mutable arrays; a copy keeps ours read-only. */
const mutable = (contract: PolicyContract): NonNullable<PolicyEntry['contract']> => ({
  ...contract,
  cameras: [...contract.cameras],
  state: [...contract.state],
  action: [...contract.action],
  extras: contract.extras.map(({ name, shape }) => ({ name, shape: [...shape] })),
})
