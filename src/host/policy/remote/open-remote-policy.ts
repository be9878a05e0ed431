/** From the `remote.json` in a folder to a policy that answers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRemoteManifest, type RemoteManifest } from '#core/policy/openpi/remote-manifest.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Policy } from '../policy.ts'
import { systemLater, type Later } from '../../shared/later.ts'
import { RemotePolicy } from './remote-policy.ts'
import { ServerConnection, type OpenLink } from './server-connection.ts'

/** Name of the file that makes a folder a remote policy. */
export const remoteFileName = 'remote.json'

export const connectTimeoutMs = 5000

/** Fails with `policy/not-found` (no such file) or `policy/bad-manifest`. */
export async function readRemoteManifest(folder: string): Promise<Result<RemoteManifest>> {
  const path = join(folder, remoteFileName)
  try {
    return parseRemoteManifest(await readFile(path, 'utf8'))
  } catch {
    return fail('policy/not-found', `${path} cannot be read`, { path })
  }
}

export interface OpenRemoteOptions {
  readonly clock: Clock
  readonly later?: Later
  readonly open?: OpenLink
}

/** Connects; fails with the remote codes, or `shell/io` where the key cannot be read. */
export async function openRemotePolicy(
  folder: string,
  manifest: RemoteManifest,
  { clock, later = systemLater, open }: OpenRemoteOptions,
): Promise<Result<Policy>> {
  const apiKey = await readApiKey(folder, manifest)
  if (!apiKey.ok) return apiKey
  const { address } = manifest
  const connection = await ServerConnection.connect(
    { address, apiKey: apiKey.value, connectTimeoutMs, later },
    open,
  )
  return connection.ok ? ok(new RemotePolicy(manifest, connection.value, clock)) : connection
}

async function readApiKey(folder: string, { apiKeyFile }: RemoteManifest): Promise<Result<string | null>> {
  if (apiKeyFile === null) return ok(null)
  const path = join(folder, apiKeyFile)
  try {
    const key = (await readFile(path, 'utf8')).trim()
    return /^[\x21-\x7e]+$/.test(key) ? ok(key) : fail('shell/io', `${path} holds no API key`, { path })
  } catch {
    return fail('shell/io', `${path} cannot be read`, { path })
  }
}
