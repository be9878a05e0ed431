/** `foresight policy list`: what is on disk, and what is wrong with what cannot be used. */
import { entryOf, readPolicies } from '#host/policy/policy-store.ts'
import type { CliCommand } from '../command.ts'
import { policyFolders } from '../policy/find-policy.ts'

export const policyListCommand: CliCommand = {
  name: 'policy list',
  summary: 'list the policies on this machine',
  usage: 'foresight policy list [--json]',
  run: async (args, io) => {
    if (args.length > 0) return io.misuse(`unexpected ${args.join(' ')}`)
    const entries = (await readPolicies(policyFolders(io))).map((stored) => entryOf(stored, null))
    const line = ({ id, name, isLearned, fault }: (typeof entries)[number]): string =>
      fault === null
        ? `${id}  ${name}${isLearned ? '' : '  (not learned)'}`
        : `${id}  ${fault.code}: ${fault.message}`
    io.answer({ policies: entries }, () => entries.map(line).join('\n') || 'no policies')
    return 0
  },
}
