/** `foresight policy add-remote`: a policy on an openpi or Foresight server becomes an entry of the list (docs/remote-policies.md). */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PolicyDeclaration } from '#core/policy/openpi/declaration.ts'
import { RemoteContract } from '#core/policy/openpi/remote-manifest.ts'
import { templatePresets, type TemplatePreset } from '#core/policy/openpi/template-presets.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { addRemote } from '#host/policy/remote/add-remote.ts'
import { remoteFileName } from '#host/policy/remote/open-remote-policy.ts'
import { readPolicy } from '#host/policy/policy-store.ts'
import type { CliCommand } from '../command.ts'
import { policyFolders } from '../policy/find-policy.ts'
import { readOptions } from '../read-options.ts'

const usage = `foresight policy add-remote ADDRESS [--name NAME] [--key-file FILE] [--keys PRESET] [--contract FILE] [--json]
  ADDRESS     ws://host:port, or host:port
  --name      shown in lists; without it the server's host
  --key-file  file with the API key, which is copied beside the policy for its owner alone
  --keys      keys of the observation of an openpi server: ${templatePresets.join(', ')}; without it generic
  --contract  JSON file with the contract that an openpi server does not say; without it remote.json is left to fill in`

const isPreset = (text: string): text is TemplatePreset =>
  (templatePresets as readonly string[]).includes(text)

async function read(path: string): Promise<Result<string>> {
  try {
    return ok(await readFile(path, 'utf8'))
  } catch {
    return fail('shell/io', `${path} cannot be read`, { path })
  }
}

async function contractOf(path: string): Promise<Result<PolicyDeclaration['contract']>> {
  const text = await read(path)
  if (!text.ok) return text
  try {
    const parsed = RemoteContract.safeParse(JSON.parse(text.value))
    if (parsed.success) return ok(parsed.data)
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    return fail('policy/bad-manifest', `${path}: ${problems.join('; ')}`, { problems })
  } catch {
    return fail('policy/bad-manifest', `${path} is not JSON`, { path })
  }
}

export const policyAddRemoteCommand: CliCommand = {
  name: 'policy add-remote',
  summary: 'list a policy that runs on a server',
  usage,
  run: async (args, io) => {
    const options = readOptions(args, {
      name: 'value',
      'key-file': 'value',
      keys: 'value',
      contract: 'value',
    })
    if (typeof options === 'string') return io.misuse(options)
    const [address, ...rest] = options.positionals
    if (address === undefined) return io.misuse('which address?')
    if (rest.length > 0) return io.misuse(`unexpected ${rest.join(' ')}`)
    const { name = '', keys = 'generic', contract: contractFile, 'key-file': keyFile } = options.values
    if (!isPreset(keys)) return io.misuse(`--keys ${keys}: one of ${templatePresets.join(', ')}`)
    const key = keyFile === undefined ? ok(null) : await read(keyFile)
    if (!key.ok) return io.fail(key.error)
    const contract = contractFile === undefined ? ok(null) : await contractOf(contractFile)
    if (!contract.ok) return io.fail(contract.error)
    const question = { address, name, apiKey: key.value?.trim() ?? null, preset: keys }
    const { own: ownDir } = policyFolders(io)
    const added = await addRemote(
      contract.value === null ? question : { ...question, contract: contract.value },
      { ownDir },
    )
    if (!added.ok) return io.fail(added.error)
    const { policyId } = added.value
    const folder = join(ownDir, policyId.replace(/^own\//, ''))
    const { described } = await readPolicy(policyId, folder, io.resourcesDir)
    const file = join(folder, remoteFileName)
    const missing = described.ok ? null : described.error
    io.answer({ policyId, file, fault: missing }, () =>
      missing === null
        ? `${policyId} is listed`
        : `${policyId} is listed; fill in ${file}:\n${missing.message}`,
    )
    return 0
  },
}
