/**
 * A policy on a server becomes an entry of the list: a folder with `remote.json`, and the key in a file of its own. A Foresight
 * server declares everything; of an openpi server the person fills in what the file leaves open, and until then the entry says
 * what is missing.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { declarationOf, type PolicyDeclaration } from '#core/policy/openpi/declaration.ts'
import { remoteFormat, socketAddressOf } from '#core/policy/openpi/remote-manifest.ts'
import type { TemplatePreset } from '#core/policy/openpi/template-presets.ts'
import type { WireMap } from '#core/policy/openpi/wire-value.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { freeSlug, slugOf } from '../slug.ts'
import { systemLater, type Later } from '../../shared/later.ts'
import { connectTimeoutMs, remoteFileName } from './open-remote-policy.ts'
import { openLink } from './server-link.ts'
import type { OpenLink } from './server-connection.ts'

/** Of one question, until a person writes another: a chunk that is later than this is of no use to a running arm. */
const defaultTimeoutMs = 5000
const apiKeyFile = 'api-key'

export interface RemoteQuestion {
  /** `ws://host:port`, or `host:port`. */
  readonly address: string
  /** The server's host where empty. */
  readonly name: string
  readonly apiKey: string | null
  /** Keys of the observation of an openpi server; `generic` where nothing is said. A Foresight server names its own. */
  readonly preset?: TemplatePreset
  /** What an openpi server does not say, where a person has it at hand. */
  readonly contract?: PolicyDeclaration['contract']
}

export interface AddRemoteOptions {
  /** The user's own policies; made when it is not there. */
  readonly ownDir: string
  readonly later?: Later
  readonly open?: OpenLink
}

/**
 * Asks the server for its metadata and writes the folder.
 * Fails with `contract/invalid-request` (no such address), the remote codes, or `shell/io`.
 * @returns the id under which it is listed
 */
export async function addRemote(
  question: RemoteQuestion,
  { ownDir, later = systemLater, open = openLink }: AddRemoteOptions,
): Promise<Result<{ readonly policyId: string }>> {
  const address = socketAddressOf(question.address)
  if (address === null || !URL.canParse(address))
    return fail('contract/invalid-request', `${question.address} is no address like ws://host:8000`)
  const { apiKey } = question
  const link = await open({ address, apiKey, connectTimeoutMs, later })
  if (!link.ok) return link
  const { metadata } = link.value
  link.value[Symbol.dispose]()
  const host = new URL(address).host
  const name = question.name.trim() || host
  const file = fileFor({ ...question, address, name }, metadata)
  try {
    await mkdir(ownDir, { recursive: true })
    const slug = freeSlug(slugOf(name) || slugOf(host), await readdir(ownDir))
    await writeFolder(join(ownDir, slug), file, apiKey)
    return ok({ policyId: `own/${slug}` })
  } catch (error) {
    return fail('shell/io', `${ownDir} cannot be written: ${String(error)}`, { path: ownDir })
  }
}

/** Null where the server says nothing and a person must. */
function fileFor(question: RemoteQuestion, metadata: WireMap): Record<string, unknown> {
  const { address, name, apiKey, preset = 'generic' } = question
  const declared = declarationOf(metadata)
  const common = {
    format: remoteFormat,
    kind: 'openpi',
    name,
    address,
    apiKeyFile: apiKey === null ? null : apiKeyFile,
    timeoutMs: defaultTimeoutMs,
    actionsKey: 'actions',
  }
  if (declared !== null) {
    const { description, learned, license, contract, observation, historyTicks } = declared
    return { ...common, description, learned, license, contract, observation, historyTicks }
  }
  const contract = question.contract ?? {
    robotType: null,
    cameras: null,
    state: null,
    action: null,
    fps: null,
    chunkLength: null,
    extras: [],
  }
  return {
    ...common,
    description: '',
    learned: true,
    license: null,
    contract,
    observation: preset,
    historyTicks: 0,
  }
}

/** Beside its place first, so that no list ever shows half of it. */
async function writeFolder(
  folder: string,
  file: Record<string, unknown>,
  apiKey: string | null,
): Promise<void> {
  const draft = join(folder, '..', '..', `.${randomUUID()}.new`)
  try {
    await mkdir(draft)
    if (apiKey !== null) await writeFile(join(draft, apiKeyFile), `${apiKey}\n`, { mode: 0o600 })
    await writeFile(join(draft, remoteFileName), `${JSON.stringify(file, null, 2)}\n`)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}
