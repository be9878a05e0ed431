/**
 * The file `remote.json` of a policy on an openpi server: where it is, and its contract. openpi's servers say nothing of
 * joints, units, rate or chunk length, so a person writes them; what is left open is asked for, never guessed.
 */
import { z } from 'zod'
import { fail, ok, type Result } from '../../result.ts'
import { policyUnits, type PolicyContract } from '../policy-contract.ts'
import { ObservationTemplate, templateProblems } from './observation-template.ts'
import { presetTemplate, templatePresets } from './template-presets.ts'

export const remoteFormat = 'foresight-remote/1'

const Size = z.int().positive()
const Name = z.string().min(1)
const Channel = z.strictObject({ name: Name, unit: z.enum(policyUnits) }).readonly()

export const RemoteContract = z
  .strictObject({
    robotType: Name.nullable(),
    cameras: z.array(z.strictObject({ name: Name, width: Size, height: Size }).readonly()).readonly(),
    state: z.array(Channel).min(1).readonly(),
    action: z.array(Channel).min(1).readonly(),
    fps: z.number().positive().max(1000),
    /** Rows of every answer. */
    chunkLength: z.int().min(2),
    extras: z
      .array(z.strictObject({ name: Name, shape: z.array(Size).min(1).readonly() }).readonly())
      .readonly(),
  })
  .readonly()

const RemoteManifest = z
  .strictObject({
    format: z.literal(remoteFormat),
    kind: z.literal('openpi'),
    name: Name,
    description: z.string(),
    learned: z.boolean(),
    license: z.string().nullable(),
    address: z.string().refine(isSocketAddress, 'must be an address like ws://host:8000'),
    /** File with the API key, in the same folder and readable by its owner alone; null sends none. */
    apiKeyFile: z
      .string()
      .regex(/^[^/\\]+$/, 'must be the name of a file in the same folder')
      .nullable(),
    /** Of one question, from its sending to its answer. */
    timeoutMs: z.number().positive().max(600_000),
    contract: RemoteContract,
    observation: z.union([z.enum(templatePresets), ObservationTemplate]),
    /** Ticks between the past and the present picture of a view, which then go as a pair; 0 sends the present one alone. */
    historyTicks: z.int().nonnegative().max(1000).default(0),
    /** Key of the chunk in the answer. */
    actionsKey: Name,
  })
  .readonly()
type RemoteManifestFile = z.infer<typeof RemoteManifest>

/** The file with its template written out. */
export interface RemoteManifest extends Omit<RemoteManifestFile, 'observation'> {
  readonly observation: ObservationTemplate
}

/** `ws:` or `wss:` with a host, and no user name or password, which would end up in logs. */
export function isSocketAddress(address: string): boolean {
  return /^wss?:\/\/(\[[0-9a-fA-F:.]+\]|[^\s/:@?#[\]]+)(:\d{1,5})?(\/[^\s@]*)?$/.test(address)
}

/** What a person writes as an address, `ws://` added where no scheme is said; null where it is none. */
export function socketAddressOf(text: string): string | null {
  const trimmed = text.trim().replace(/\/$/, '')
  const address = trimmed.includes('://') ? trimmed : `ws://${trimmed}`
  return isSocketAddress(address) ? address : null
}

/** Reads the text of a `remote.json`. Fails with `policy/bad-manifest`, whose data lists every problem with its path. */
export function parseRemoteManifest(text: string): Result<RemoteManifest> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return badManifest([`not JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
  const parsed = RemoteManifest.safeParse(json)
  if (!parsed.success) {
    return badManifest(
      parsed.error.issues.map(({ path, message }) =>
        isOpen(json, path)
          ? `${path.join('.')}: the server does not say it, write it here`
          : `${path.join('.') || 'remote.json'}: ${message}`,
      ),
    )
  }
  const problems = contractProblems(parsed.data.contract)
  if (problems.length > 0) return badManifest(problems)
  return withTemplate(parsed.data)
}

function withTemplate(file: RemoteManifestFile): Result<RemoteManifest> {
  const { observation, contract } = file
  const template = typeof observation === 'string' ? presetTemplate(observation, contract) : ok(observation)
  if (!template.ok) return badManifest([`observation: ${template.error.message}`])
  const problems = templateProblems(template.value, contract)
  return problems.length > 0 ? badManifest(problems) : ok({ ...file, observation: template.value })
}

const badManifest = (problems: readonly string[]) =>
  fail('policy/bad-manifest', `remote.json: ${problems.join('; ')}`, { problems })

function contractProblems(contract: PolicyContract): string[] {
  const lists = {
    cameras: contract.cameras,
    state: contract.state,
    action: contract.action,
    extras: contract.extras,
  }
  return Object.entries(lists)
    .filter(([, entries]) => new Set(entries.map(({ name }) => name)).size !== entries.length)
    .map(([what]) => `contract.${what}: a name is used twice`)
}

/** A null that stands where something must be, as `addRemote` leaves it. */
function isOpen(json: unknown, path: readonly PropertyKey[]): boolean {
  let value = json
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return false
    value = new Map<PropertyKey, unknown>(Object.entries(value)).get(String(step))
  }
  return path.length > 0 && value === null
}
