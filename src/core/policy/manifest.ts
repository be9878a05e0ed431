/**
 * The manifest beside an `.onnx` policy (`manifest.json`): its contract, and which tensor carries what. The manifest is
 * a promise; the policy host compares it with the file's own tensors before it is believed.
 */
import * as z from 'zod'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import { policyUnits } from './policy-contract.ts'
import type { PolicyContract } from './policy-contract.ts'

export const manifestFormat = 'foresight-policy/1'

const Size = z.int().positive()
const Name = z.string().min(1)
const Shape = z.array(Size).min(1).readonly()
const Feature = z.strictObject({ name: Name, unit: z.enum(policyUnits) }).readonly()

const PolicyManifest = z
  .strictObject({
    format: z.literal(manifestFormat),
    name: Name,
    kind: z.literal('onnx'),
    description: z.string(),
    learned: z.boolean(),
    /** File name of the model, in the manifest's own folder. */
    model: z.string().regex(/^[^/\\]+\.onnx$/, 'must be the name of an .onnx file in the same folder'),
    robotTypes: z.array(Name).readonly(),
    cameras: z.array(z.strictObject({ name: Name, width: Size, height: Size }).readonly()).readonly(),
    state: z.array(Feature).min(1).readonly(),
    action: z.array(Feature).min(1).readonly(),
    fps: z.number().positive().max(1000),
    chunkLength: Size,
    extraInputs: z
      .array(z.strictObject({ name: Name, size: Size, unit: z.string(), description: z.string() }).readonly())
      .readonly(),
    /** `source` is `observation.state`, `observation.images.<camera>` or the name of an extra input. */
    inputs: z.array(z.strictObject({ source: Name, tensor: Name, shape: Shape }).readonly()).readonly(),
    output: z.strictObject({ tensor: Name, shape: Shape }).readonly(),
  })
  .readonly()

export type PolicyManifest = z.infer<typeof PolicyManifest>

/** Reads the text of a manifest. Fails with `policy/bad-manifest`, whose data lists every problem with its path. */
export function parseManifest(text: string): Result<PolicyManifest> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return badManifest([`not JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
  const parsed = PolicyManifest.safeParse(json)
  if (!parsed.success) {
    return badManifest(
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`),
    )
  }
  const problems = inconsistencies(parsed.data)
  return problems.length > 0 ? badManifest(problems) : ok(parsed.data)
}

const badManifest = (problems: readonly string[]) =>
  fail('policy/bad-manifest', `manifest: ${problems.join('; ')}`, { problems })

/** What the field types cannot say: sources exist, sizes agree with the contract, names are unique. */
function inconsistencies(manifest: PolicyManifest): string[] {
  const problems: string[] = []
  const sizes = new Map<string, number>([
    ['observation.state', manifest.state.length],
    ...manifest.cameras.map(
      ({ name, width, height }) => [`observation.images.${name}`, 3 * width * height] as const,
    ),
    ...manifest.extraInputs.map(({ name, size }) => [name, size] as const),
  ])
  const product = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1)
  for (const { source, shape } of manifest.inputs) {
    const size = sizes.get(source)
    if (size === undefined) problems.push(`inputs: ${source} is no part of the contract`)
    else if (product(shape) !== size)
      problems.push(`inputs: ${source} has ${size} numbers, its shape ${product(shape)}`)
  }
  const actionSize = manifest.chunkLength * manifest.action.length
  if (product(manifest.output.shape) !== actionSize) {
    problems.push(`output: a chunk has ${actionSize} numbers, the shape ${product(manifest.output.shape)}`)
  }
  for (const source of sizes.keys()) {
    const uses = manifest.inputs.filter((input) => input.source === source).length
    if (uses !== 1) problems.push(`inputs: ${source} is given ${uses} times, it must be once`)
  }
  for (const [what, names] of [
    ['state', manifest.state.map(({ name }) => name)],
    ['action', manifest.action.map(({ name }) => name)],
    ['inputs', manifest.inputs.map(({ tensor }) => tensor)],
  ] as const) {
    if (new Set(names).size !== names.length) problems.push(`${what}: a name is used twice`)
  }
  return problems
}

/** The contract part of a manifest. */
export const contractOf = (manifest: PolicyManifest): PolicyContract => ({
  name: manifest.name,
  kind: manifest.kind,
  description: manifest.description,
  learned: manifest.learned,
  robotTypes: manifest.robotTypes,
  cameras: manifest.cameras,
  state: manifest.state,
  action: manifest.action,
  fps: manifest.fps,
  chunkLength: manifest.chunkLength,
  extraInputs: manifest.extraInputs,
})
