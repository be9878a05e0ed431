/** A policy named on the command line: an id of the list, or a folder; a file in it names it too. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'
import {
  ownPrefix,
  readPolicies,
  readPolicy,
  type PolicyFolders,
  type StoredPolicy,
} from '#host/policy/policy-store.ts'
import type { CliIo } from '../command.ts'

export const policyFolders = (io: Pick<CliIo, 'resourcesDir' | 'dataDir'>): PolicyFolders => ({
  shipped: join(io.resourcesDir, 'policies'),
  own: join(io.dataDir, 'policies'),
  resourcesDir: io.resourcesDir,
})

/** Ids come first, a person’s own also without `own/`; then folders. Fails with `policy/not-found`; what is wrong with the policy itself is in it. */
export async function findPolicy(
  name: string,
  io: Pick<CliIo, 'resourcesDir' | 'dataDir'>,
): Promise<Result<StoredPolicy>> {
  const policies = await readPolicies(policyFolders(io))
  const known =
    policies.find(({ id }) => id === name) ?? policies.find(({ id }) => id === `${ownPrefix}${name}`)
  if (known !== undefined) return ok(known)
  const path = resolve(name)
  const about = statSync(path, { throwIfNoEntry: false })
  if (about === undefined) return fail('policy/not-found', `there is no policy ${name}`, { policyId: name })
  return ok(await readPolicy(name, about.isDirectory() ? path : dirname(path), io.resourcesDir))
}
