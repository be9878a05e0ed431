/** What a person chose for each policy on this machine: one JSON file a policy, also for those shipped read-only. */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'
import { policySettings, type PolicySettings } from '#contract/services/policy.ts'
import { writeFileAtomic } from '../shared/atomic-file.ts'

/** The rig's names for everything, the first provider that works, foresight on, new noise for each chunk. */
export const defaultPolicySettings: PolicySettings = {
  provider: 'auto',
  precision: 'auto',
  cameras: {},
  joints: {},
  robot: null,
  hasForesight: true,
  surpriseThreshold: null,
  seed: null,
}

export class SettingsStore {
  private readonly folder: string

  /** @param folder need not exist */
  constructor(folder: string) {
    this.folder = folder
  }

  /** The defaults while nothing was chosen. Fails with `shell/settings-invalid` for a file that is not readable: nothing is guessed. */
  async read(policyId: string): Promise<Result<PolicySettings>> {
    const path = this.pathOf(policyId)
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (isAbsent(error)) return ok(defaultPolicySettings)
      return fail('shell/io', `${path} cannot be read`, { path })
    }
    const parsed = policySettings.safeParse(parseJson(text))
    return parsed.success
      ? ok(parsed.data)
      : fail('shell/settings-invalid', `${path} holds no settings of a policy`, { path })
  }

  /** Fails with `shell/io`. */
  async write(policyId: string, settings: PolicySettings): Promise<Result<void>> {
    const path = this.pathOf(policyId)
    try {
      await mkdir(this.folder, { recursive: true })
      await writeFileAtomic(path, `${JSON.stringify(settings, null, 2)}\n`)
      return ok(undefined)
    } catch (error) {
      return fail('shell/io', `${path} cannot be written: ${String(error)}`, { path })
    }
  }

  /** Ids hold slashes (`own/name`), which no file name may. */
  private pathOf(policyId: string): string {
    return join(this.folder, `${encodeURIComponent(policyId)}.json`)
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
