/** `foresight address`: where the running instance is, with a token for one more browser. */
import { findOwner } from '#main/instance/instance-lock.ts'
import type { CliCommand } from '../command.ts'
import { readOptions } from '../read-options.ts'

export const addressCommand: CliCommand = {
  name: 'address',
  summary: 'print the address of the running Foresight, good for one more browser',
  usage: `foresight address [--new-token]
  --new-token  make the address printed before useless, even if nobody used it`,
  run: async (args, io) => {
    const read = readOptions(args, { 'new-token': 'flag' })
    if (typeof read === 'string') return io.misuse(read)
    if (read.positionals.length > 0) return io.misuse(`unexpected ${read.positionals.join(' ')}`)
    const owner = await findOwner(io.dataDir, read.flags.has('new-token'))
    if (owner === null)
      return io.fail({ code: 'shell/not-found', message: `no Foresight runs with ${io.dataDir}` })
    if (!owner.isAnswering)
      return io.fail({ code: 'shell/io', message: `Foresight (process ${owner.pid}) does not answer` })
    io.answer(owner, owner.url ?? 'Foresight runs in its window')
    return 0
  },
}
