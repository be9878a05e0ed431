/** `foresight policy import`: a checkpoint folder becomes an entry of the list. */
import { join, resolve } from 'node:path'
import { importCheckpoint } from '#host/policy/import/import-checkpoint.ts'
import { precision } from '#contract/services/policy.ts'
import type { CliCommand } from '../command.ts'
import { reportText } from '../policy/report-text.ts'
import { readOptions } from '../read-options.ts'

export const policyImportCommand: CliCommand = {
  name: 'policy import',
  summary: 'make a policy of a downloaded InternVLA-A1 checkpoint',
  usage: [
    'foresight policy import DIR [--name NAME] [--robot KEY] [--tokenizer FILE] [--precision P] [--json]',
    '',
    'DIR               folder with config.json, model.safetensors, train_config.json, stats.json',
    '--name NAME       shown in lists; without it the folder’s name',
    '--robot KEY       key of stats.json, where the checkpoint knows several robots',
    '--tokenizer FILE  tokenizer.json of the base model, where it is not beside the checkpoint',
    '--precision P     fp32 (as stored), or fp16, int8, int4: converts the weights once',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, { name: 'value', robot: 'value', tokenizer: 'value', precision: 'value' })
    if (typeof read === 'string') return io.misuse(read)
    const [folder, ...rest] = read.positionals
    if (folder === undefined) return io.misuse('which folder?')
    if (rest.length > 0) return io.misuse(`unexpected ${rest.join(' ')}`)
    const exactness = precision.safeParse(read.values['precision'] ?? 'fp32')
    if (!exactness.success) return io.misuse(`--precision: one of ${precision.options.join(', ')}`)
    const { tokenizer } = read.values
    let said = ''
    const result = await importCheckpoint(
      {
        source: resolve(folder),
        name: read.values['name'] ?? '',
        robot: read.values['robot'] ?? null,
        tokenizer: tokenizer === undefined ? null : resolve(tokenizer),
        precision: exactness.data,
      },
      {
        ownDir: join(io.dataDir, 'policies'),
        dataDir: io.dataDir,
        resourcesDir: io.resourcesDir,
        nowMs: Date.now,
        signal: io.signal,
        onProgress: ({ step, progress }) => {
          const text = progress === null ? step : `${step} ${Math.round(progress * 100)} %`
          if (text !== said) io.note(text)
          said = text
        },
      },
    )
    if (!result.ok) return io.fail(result.error)
    const { policyId, report } = result.value
    io.answer({ id: policyId, report }, () => `${policyId}\n${reportText(report)}`)
    return 0
  },
}
