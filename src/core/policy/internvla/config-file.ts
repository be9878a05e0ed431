/** `config.json` and `dims.json` of a checkpoint: what both architectures read from them, and how they complain. */
import { z } from 'zod'
import { fail, ok } from '../../result.ts'
import type { Result } from '../../result.ts'

/** Far beyond any real model; what lies above would only be allocated, or unrolled into a graph, until nothing is left. */
const Size = z
  .int()
  .positive()
  .max(1 << 20)
const Rows = z.int().positive().max(10_000)
const Steps = z.int().positive().max(1000)
const mostLayers = 1000

/** Numbers that a file leaves out are the official configuration's own (spec §1.13); how frequencies are rounded is never guessed. */
const Config = z.looseObject({
  type: z.string(),
  qwen3_vl_variant: z.string().optional(),
  internvl_variant: z.string().optional(),
  dtype: z.enum(['bfloat16', 'float32', 'float16']),
  chunk_size: Rows.default(50),
  max_state_dim: Size.default(32),
  max_action_dim: Size.default(32),
  num_inference_steps: Steps.default(10),
  min_period: z.number().positive().default(0.004),
  max_period: z.number().positive().default(4),
  output_features: z.object({ action: z.looseObject({ shape: z.array(Size).min(1) }) }).optional(),
  imagenet_mean: z.array(z.number()).length(3).optional(),
  imagenet_std: z.array(z.number()).length(3).optional(),
})
export type ConfigFile = z.infer<typeof Config>

/** LeRobot's policies have `type`; other models of Hugging Face, such as the base model, have `model_type`. */
const Typed = z.looseObject({ type: z.string().optional(), model_type: z.string().optional() })

/** What kind of model the file says it is of, whatever else it holds; null when it says nothing. Fails with `policy/checkpoint-damaged`. */
export function typeOf(text: string): Result<string | null> {
  const json = parseJson(text)
  if (json === undefined) return notJson('config.json')
  const parsed = Typed.safeParse(json)
  return parsed.success
    ? ok(parsed.data.type ?? parsed.data.model_type ?? null)
    : damaged('config.json', parsed.error)
}

/** Fails with `policy/checkpoint-damaged`. */
export function parseConfig(text: string): Result<ConfigFile> {
  const json = parseJson(text)
  if (json === undefined) return notJson('config.json')
  const parsed = Config.safeParse(json)
  return parsed.success ? ok(parsed.data) : damaged('config.json', parsed.error)
}

/** Sizes of a test checkpoint, or the architecture's own where there is no `dims.json`. */
export function parseDims<D>(schema: z.ZodType<D>, text: string | null, table: D): Result<D> {
  if (text === null) return ok(table)
  const json = parseJson(text)
  if (json === undefined) return notJson('dims.json')
  const parsed = schema.safeParse(json)
  return parsed.success ? ok(parsed.data) : damaged('dims.json', parsed.error)
}

/** The official code reads the count from the name: `qwen3_vl_28l` has 28 (spec §1.13). Fails with `policy/checkpoint-damaged`. */
export function layersOf(variant: string | undefined): Result<number> {
  const digits = /_(\d+)l$/u.exec(variant ?? '')?.[1]
  return digits === undefined || Number(digits) < 1 || Number(digits) > mostLayers
    ? fail('policy/checkpoint-damaged', `no layer count in the variant ${String(variant)}`)
    : ok(Number(digits))
}

/** What `config.json` decides, over the architecture's table. */
export const sizesOf = (config: ConfigFile, layers: number) => ({
  layers,
  chunk: config.chunk_size,
  max_state_dim: config.max_state_dim,
  max_action_dim: config.max_action_dim,
  num_steps: config.num_inference_steps,
})

export const settingsOf = (config: ConfigFile) => ({
  hasRoundedFrequencies: config.dtype === 'bfloat16',
  minPeriod: config.min_period,
  maxPeriod: config.max_period,
  actionDim: config.output_features?.action.shape[0] ?? config.max_action_dim,
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const notJson = (file: string) =>
  fail('policy/checkpoint-damaged', `${file} is not JSON: download it again`, { file })

const damaged = (file: string, error: z.ZodError) =>
  fail(
    'policy/checkpoint-damaged',
    `${file}: ${error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
    { file },
  )
