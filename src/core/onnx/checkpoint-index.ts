/**
 * All tensors of a checkpoint by name, over one file or several shards, with tied names resolved. It knows where every
 * tensor's bytes lie and reads none of them.
 */
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import type { SafetensorsEntry, SafetensorsHeader } from './safetensors-header.ts'

export interface CheckpointTensor extends SafetensorsEntry {
  /** The name it is stored under, which a tied name leads to. */
  readonly storedAs: string
  /** File inside the checkpoint's folder. */
  readonly file: string
}

export interface CheckpointIndex {
  /** By stored name. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>
  /** Follows tied names; undefined when the checkpoint has no such tensor. */
  find(name: string): CheckpointTensor | undefined
}

/**
 * @param shards header of every file, by file name
 * @param tied names that stand for others where the files do not say so: only PyTorch's `save_model` writes that down
 * @returns the index, or `policy/checkpoint-damaged` when two shards hold the same tensor
 */
export function indexCheckpoint(
  shards: ReadonlyMap<string, SafetensorsHeader>,
  tied: ReadonlyMap<string, string> = new Map(),
): Result<CheckpointIndex> {
  const tensors = new Map<string, CheckpointTensor>()
  const aliases = new Map(tied)
  for (const [file, header] of shards) {
    for (const [name, entry] of header.tensors) {
      const other = tensors.get(name)
      if (other !== undefined) {
        return fail('policy/checkpoint-damaged', `${name} is in ${other.file} and in ${file}`, {
          tensor: name,
        })
      }
      tensors.set(name, { ...entry, storedAs: name, file })
    }
    for (const [name, target] of header.metadata) aliases.set(name, target)
  }
  return ok({
    tensors,
    find: (name) => tensors.get(name) ?? tensors.get(aliases.get(name) ?? ''),
  })
}

/**
 * Reads `model.safetensors.index.json`.
 * @returns the names of the shards, each a plain file name, or `policy/checkpoint-damaged`
 */
export function parseShardIndex(text: string): Result<readonly string[]> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('policy/checkpoint-damaged', 'the shard index is not JSON')
  }
  const map = typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : null
  if (typeof map !== 'object' || map === null)
    return fail('policy/checkpoint-damaged', 'the shard index has no weight_map')
  const files = new Set<string>()
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[^/\\]+\.safetensors$/.test(file)) {
      return fail('policy/checkpoint-damaged', `the shard index sends ${tensor} to ${String(file)}`, {
        tensor,
      })
    }
    files.add(file)
  }
  return ok([...files].toSorted())
}
