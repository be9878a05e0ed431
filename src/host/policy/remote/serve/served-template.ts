/** Which keys clients use: a dialect's own, a preset of openpi's, or those of a file. */
import { ObservationTemplate, templateProblems } from '#core/policy/openpi/observation-template.ts'
import { presetTemplate, templatePresets, type TemplatePreset } from '#core/policy/openpi/template-presets.ts'
import { xpolicylabTemplate } from '#core/policy/openpi/xpolicylab-keys.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { firstFew } from '#core/first-few.ts'
import { fail, ok, type Result } from '#core/result.ts'

export const dialects = ['openpi', 'xpolicylab'] as const
export type Dialect = (typeof dialects)[number]

export const isDialect = (text: string): text is Dialect => (dialects as readonly string[]).includes(text)

export const isPreset = (text: string): text is TemplatePreset =>
  (templatePresets as readonly string[]).includes(text)

/** Fails with `policy/contract-mismatch` where the preset cannot carry the contract. */
export const dialectTemplate = (dialect: Dialect, contract: PolicyContract): Result<ObservationTemplate> =>
  dialect === 'xpolicylab' ? xpolicylabTemplate(contract) : presetTemplate('generic', contract)

/** The text of a file with keys. Fails with `policy/bad-manifest`, whose data lists every problem. */
export function parseTemplate(text: string, contract: PolicyContract): Result<ObservationTemplate> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return badKeys([`not JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
  const parsed = ObservationTemplate.safeParse(json)
  if (!parsed.success)
    return badKeys(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'keys'}: ${message}`))
  const problems = templateProblems(parsed.data, contract)
  return problems.length === 0 ? ok(parsed.data) : badKeys(problems)
}

const badKeys = (problems: readonly string[]) =>
  fail('policy/bad-manifest', `keys: ${firstFew(problems)}`, { problems })
