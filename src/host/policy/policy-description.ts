/** What the file in a policy's folder says of it, whatever kind it is of. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { contractOf, parseManifest, type PolicyManifest } from '#core/policy/manifest.ts'
import type { RemoteManifest } from '#core/policy/openpi/remote-manifest.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { describeImported, isImported } from './import/describe-imported.ts'
import {
  describeCheckpoint,
  internVlaContract,
  type InternVlaDescription,
} from './internvla/internvla-description.ts'
import { readRemoteManifest, remoteFileName } from './remote/open-remote-policy.ts'

/** A graph with a manifest written by hand or by an exporter; a policy on a server; an InternVLA model. */
export type PolicyDescription =
  | { readonly kind: 'onnx'; readonly manifest: PolicyManifest }
  | { readonly kind: 'openpi'; readonly manifest: RemoteManifest }
  | InternVlaDescription

/** What every kind has. */
export interface PolicyFacts {
  readonly kind: PolicyDescription['kind']
  readonly name: string
  readonly description: string
  readonly isLearned: boolean
  /** SPDX name or the words of the model card; null while unknown. */
  readonly license: string | null
  readonly contract: PolicyContract
}

/**
 * Fails with `policy/not-found` (no file that describes a policy), `policy/bad-manifest`, `policy/not-onnx` (no model file, or an
 * empty one), or the codes of checkpoints.
 */
export async function describeFolder(
  folder: string,
  resourcesDir: string,
): Promise<Result<PolicyDescription>> {
  if (isImported(folder)) return describeImported(folder, resourcesDir)
  if (existsSync(join(folder, 'config.json'))) return describeCheckpoint(folder, resourcesDir)
  if (existsSync(join(folder, remoteFileName))) {
    const manifest = await readRemoteManifest(folder)
    return manifest.ok ? ok({ kind: 'openpi', manifest: manifest.value }) : manifest
  }
  const manifest = await readOnnxManifest(folder)
  return manifest.ok ? ok({ kind: 'onnx', manifest: manifest.value }) : manifest
}

async function readOnnxManifest(folder: string): Promise<Result<PolicyManifest>> {
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

/** @param robot key of the statistics that a person chose, for models that know several robots */
export function factsOf(description: PolicyDescription, robot: string | null): PolicyFacts {
  if (description.kind === 'internvla-a1') {
    const { kind, name, license } = description
    const contract = internVlaContract(description, robot ?? description.robot)
    return { kind, name, description: description.description, isLearned: true, license, contract }
  }
  const { kind, manifest } = description
  const { name, learned: isLearned } = manifest
  if (description.kind === 'openpi') {
    const { license, contract } = description.manifest
    return { kind, name, description: manifest.description, isLearned, license, contract }
  }
  const contract = contractOf(description.manifest)
  return { kind, name, description: manifest.description, isLearned, license: null, contract }
}
