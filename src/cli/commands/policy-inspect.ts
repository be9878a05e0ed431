/** `foresight policy inspect`: what a checkpoint folder holds, before anything is done with it. */
import { resolve } from 'node:path'
import { inspectCheckpoint } from '#host/policy/import/inspect-checkpoint.ts'
import type { CliCommand } from '../command.ts'
import { reportText } from '../policy/report-text.ts'
import { readOptions } from '../read-options.ts'

export const policyInspectCommand: CliCommand = {
  name: 'policy inspect',
  summary: 'say what a checkpoint folder holds and what an import would make of it',
  usage: [
    'foresight policy inspect DIR [--robot KEY] [--tokenizer FILE] [--json]',
    '',
    'DIR               folder with config.json and model.safetensors, as downloaded',
    '--robot KEY       key of stats.json whose statistics are looked at',
    '--tokenizer FILE  tokenizer.json of the base model',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, { robot: 'value', tokenizer: 'value' })
    if (typeof read === 'string') return io.misuse(read)
    const [folder, ...rest] = read.positionals
    if (folder === undefined) return io.misuse('which folder?')
    if (rest.length > 0) return io.misuse(`unexpected ${rest.join(' ')}`)
    const inspected = await inspectCheckpoint(resolve(folder), {
      resourcesDir: io.resourcesDir,
      dataDir: io.dataDir,
      tokenizer: read.values['tokenizer'] ?? null,
      robot: read.values['robot'] ?? null,
      nowMs: () => performance.now(),
    })
    if (!inspected.ok) return io.fail(inspected.error)
    await using checkpoint = inspected.value
    io.answer({ report: checkpoint.report }, () => reportText(checkpoint.report))
    return 0
  },
}
