/**
 * The InternVLA models behind one door: what a checkpoint's `config.json` says it is decides which of them answers. A further
 * architecture is one more entry here.
 */
import { fail } from '../../result.ts'
import type { Result } from '../../result.ts'
import { parseConfig, typeOf } from './config-file.ts'
import { internModel } from './intern-model.ts'
import type { InternVlaModel } from './internvla-model.ts'
import { qwenModel } from './qwen-model.ts'

const architectures = { qwena1: qwenModel, interna1: internModel } as const

/**
 * @param configText `config.json`
 * @param dimsText `dims.json`, null in a real release
 * @returns `policy/unknown-architecture` for another model, `policy/checkpoint-damaged` for a file that is not what it should be
 */
export function readModel(configText: string, dimsText: string | null): Result<InternVlaModel> {
  const read = typeOf(configText)
  if (!read.ok) return read
  const type = read.value
  if (type === 'qwena1' || type === 'interna1') {
    const config = parseConfig(configText)
    return config.ok ? architectures[type](config.value, dimsText) : config
  }
  const known = 'known are qwena1 (InternVLA-A1-3B) and interna1 (InternVLA-A1-2B)'
  const what = type === null ? 'config.json names no type of policy' : `config.json is of type ${type}`
  return fail('policy/unknown-architecture', `${what}; ${known}`, { type })
}
