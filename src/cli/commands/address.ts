/** `foresight address`: where the running instance is, with a token for one more browser. */
import { parseArgs } from 'node:util'
import { findOwner } from '#main/instance/instance-lock.ts'
import type { CliCommand } from '../command.ts'

export const addressCommand: CliCommand = {
  name: 'address',
  summary: 'print the address of the running Foresight, good for one more browser',
  usage: `foresight address [--new-token]
  --new-token  make the address printed before useless, even if nobody used it`,
  run: async (args, io) => {
    let isNewToken
    try {
      const { values } = parseArgs({ args: [...args], options: { 'new-token': { type: 'boolean' } } })
      isNewToken = values['new-token'] === true
    } catch (error) {
      return io.misuse(error instanceof Error ? error.message : String(error))
    }
    const owner = await findOwner(io.dataDir, isNewToken)
    if (owner === null)
      return io.fail({ code: 'shell/not-found', message: `no Foresight runs with ${io.dataDir}` })
    if (!owner.isAnswering)
      return io.fail({ code: 'shell/io', message: `Foresight (process ${owner.pid}) does not answer` })
    io.answer(owner, owner.url ?? 'Foresight runs in its window')
    return 0
  },
}
