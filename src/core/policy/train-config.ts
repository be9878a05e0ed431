/** What a checkpoint's `train_config.json` says of its actions (spec/internvla-a1.md §1.13): nothing else in a release says it. */
import { z } from 'zod'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import type { NormalisationRule } from './internvla/normalisation.ts'

const Transform = z.looseObject({ type: z.string(), mode: z.unknown().optional() })

const TrainConfig = z.looseObject({
  dataset: z.looseObject({
    action_mode: z.enum(['delta', 'abs']),
    repo_id: z.string().nullable().optional(),
    data_transforms: z.looseObject({ inputs: z.array(Transform) }).optional(),
  }),
})

export interface TrainingFacts {
  readonly actionMode: 'delta' | 'abs'
  readonly rule: NormalisationRule
  /** The training data's name on Hugging Face. */
  readonly dataset: string | null
}

/** Fails with `policy/checkpoint-damaged`: whether actions are relative is never guessed. */
export function parseTrainConfig(text: string): Result<TrainingFacts> {
  const damaged = (message: string) =>
    fail('policy/checkpoint-damaged', `train_config.json: ${message}`, { file: 'train_config.json' })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return damaged('not JSON')
  }
  const parsed = TrainConfig.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return damaged(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const {
    action_mode: actionMode,
    repo_id: dataset = null,
    data_transforms: transforms,
  } = parsed.data.dataset
  const mode = transforms?.inputs.find(({ type }) => type === 'normalize')?.mode
  if (mode !== undefined && mode !== 'mean_std' && mode !== 'min_max')
    return damaged(`normalisation ${JSON.stringify(mode)} is not known`)
  return ok({ actionMode, rule: mode ?? 'mean_std', dataset })
}
