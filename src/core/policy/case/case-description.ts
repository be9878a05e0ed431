/** `case.json` of the reference data's layout: one question to a checkpoint, with everything about its robot. */
import { z } from 'zod'
import { firstFew } from '../../first-few.ts'
import { fail, ok } from '../../result.ts'
import type { Result } from '../../result.ts'

const Slot = z.string().regex(/^observation\.images\.image\d+$/u)
const Name = z.string().min(1)

const CaseDescription = z
  .looseObject({
    robot_type: Name,
    /** Key into `stats.json`; the robot type where there is none. */
    stats_key: Name.optional(),
    task: z.string(),
    feature_dims: z.record(Name, z.int().positive()),
    /** Camera feature → slot. */
    image_mapping: z.record(Name, Slot),
    state_features: z.array(Name).min(1),
    action_features: z.array(Name).min(1),
  })
  .readonly()

export type CaseDescription = z.infer<typeof CaseDescription>

/** Fails with `policy/case-invalid`, every problem named. */
export function parseCase(text: string): Result<CaseDescription> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return invalid(['case.json is not JSON'])
  }
  const parsed = CaseDescription.safeParse(json)
  if (!parsed.success)
    return invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
  const { feature_dims: sizes, state_features: state, action_features: action } = parsed.data
  const unsized = [...state, ...action].filter((feature) => sizes[feature] === undefined)
  return unsized.length === 0
    ? ok(parsed.data)
    : invalid(unsized.map((name) => `feature_dims has no ${name}`))
}

const invalid = (problems: readonly string[]) =>
  fail('policy/case-invalid', `case.json: ${firstFew(problems)}`, { problems })

/** Numbers of the features together. */
export const widthOf = ({ feature_dims: sizes }: CaseDescription, features: readonly string[]): number =>
  features.reduce((sum, feature) => sum + (sizes[feature] ?? 0), 0)
