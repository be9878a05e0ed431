/** An adapter's folder looks much like a checkpoint's but holds only differences: it is told apart before anything is missed. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '#core/result.ts'

/** The same by the names of the tensors, for an adapter whose file is called as a model's. */
export function adapterTensors(folder: string, names: Iterable<string>): Fault | null {
  for (const name of names) {
    if (!/\.lora_[AB]\b/u.test(name)) continue
    const message = `${folder} holds parts of an adapter (${name}): merge it into its base model and import the result`
    return { code: 'policy/checkpoint-lora', message, data: { path: folder, tensor: name } }
  }
  return null
}

/** `policy/checkpoint-lora`, or null for what is no adapter. */
export async function adapterFault(folder: string): Promise<Fault | null> {
  const names = await readdir(folder).catch(() => [])
  const adapter = names.find((name) => name.startsWith('adapter_') || name === 'adapter_model.safetensors')
  if (adapter === undefined || existsSync(join(folder, 'model.safetensors'))) return null
  const message = `${folder} holds an adapter (${adapter}) without the model it changes: merge it into its base model and import the result`
  return { code: 'policy/checkpoint-lora', message, data: { path: folder, file: adapter } }
}
