/**
 * The manifest beside an `.onnx` policy (`manifest.json`): its contract, and which tensor carries what. The manifest is
 * a promise; the policy host compares it with the file's own tensors before it is believed.
 */
import { z } from 'zod'
import { firstFew } from '../first-few.ts'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import { policyUnits } from './policy-contract.ts'
import type { PolicyContract } from './policy-contract.ts'

export const manifestFormat = 'foresight-policy/1'

const Size = z.int().positive()
const Name = z.string().min(1)
const Shape = z.array(Size).min(1).readonly()
const ChannelShape = z.strictObject({ name: Name, unit: z.enum(policyUnits) }).readonly()

const PolicyManifest = z
  .strictObject({
    format: z.literal(manifestFormat),
    name: Name,
    kind: z.literal('onnx'),
    description: z.string(),
    /** False for a controller written by hand; every screen says so. */
    learned: z.boolean(),
    /** File name of the model, in the manifest's own folder. */
    model: z.string().regex(/^[^/\\]+\.onnx$/, 'must be the name of an .onnx file in the same folder'),
    robotType: Name.nullable(),
    cameras: z.array(z.strictObject({ name: Name, width: Size, height: Size }).readonly()).readonly(),
    state: z.array(ChannelShape).min(1).readonly(),
    action: z.array(ChannelShape).min(1).readonly(),
    fps: z.number().positive().max(1000),
    chunkLength: z.int().min(2),
    extras: z
      .array(z.strictObject({ name: Name, shape: Shape, description: z.string() }).readonly())
      .readonly(),
    /** `source` is `observation.state`, `observation.images.<camera>` or the name of an extra. */
    inputs: z.array(z.strictObject({ source: Name, tensor: Name, shape: Shape }).readonly()).readonly(),
    output: z.strictObject({ tensor: Name, shape: Shape }).readonly(),
  })
  .readonly()

export type PolicyManifest = z.infer<typeof PolicyManifest>

/** Source name of the state vector. */
export const stateSource = 'observation.state'
/** Source name of a camera's picture. */
export const imageSource = (camera: string): string => `observation.images.${camera}`

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
  fail('policy/bad-manifest', `manifest: ${firstFew(problems)}`, { problems })

const product = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1)

/** Whether numbers in the order of `layout` are in that of `shape` too: axes of one do not matter, nor does a flat tensor. */
function isLaidOutAs(shape: readonly number[], layout: readonly number[]): boolean {
  const axes = (sizes: readonly number[]): readonly number[] => sizes.filter((size) => size !== 1)
  return axes(shape).length <= 1 || axes(shape).join() === axes(layout).join()
}

/** What the field types cannot say: sources exist, sizes agree with the contract, names are unique. */
function inconsistencies(manifest: PolicyManifest): string[] {
  const problems: string[] = []
  const layouts = new Map<string, readonly number[]>([
    [stateSource, [manifest.state.length]],
    ...manifest.cameras.map(({ name, width, height }) => [imageSource(name), [3, height, width]] as const),
    ...manifest.extras.map(({ name, shape }) => [name, shape] as const),
  ])
  for (const { source, shape } of manifest.inputs) {
    const layout = layouts.get(source)
    if (layout === undefined) problems.push(`inputs: ${source} is no part of the contract`)
    else if (product(shape) !== product(layout))
      problems.push(`inputs: ${source} has ${product(layout)} numbers, its tensor ${product(shape)}`)
    else if (!isLaidOutAs(shape, layout))
      problems.push(`inputs: ${source} comes as [${layout.join(', ')}], its tensor is [${shape.join(', ')}]`)
  }
  const actionSize = manifest.chunkLength * manifest.action.length
  if (product(manifest.output.shape) !== actionSize) {
    problems.push(`output: a chunk has ${actionSize} numbers, the tensor ${product(manifest.output.shape)}`)
  } else if (!isLaidOutAs(manifest.output.shape, [manifest.chunkLength, manifest.action.length])) {
    const layout = `${manifest.chunkLength}, ${manifest.action.length}`
    problems.push(`output: a chunk is [${layout}], the tensor [${manifest.output.shape.join(', ')}]`)
  }
  for (const source of layouts.keys()) {
    const uses = manifest.inputs.filter((input) => input.source === source).length
    if (uses !== 1) problems.push(`inputs: ${source} is given ${uses} times, it must be once`)
  }
  const lists = {
    state: manifest.state.map(({ name }) => name),
    action: manifest.action.map(({ name }) => name),
    inputs: manifest.inputs.map(({ tensor }) => tensor),
  }
  for (const [what, names] of Object.entries(lists)) {
    if (new Set(names).size !== names.length) problems.push(`${what}: a name is used twice`)
  }
  return problems
}

/** The contract part of a manifest. */
export const contractOf = (manifest: PolicyManifest): PolicyContract => ({
  robotType: manifest.robotType,
  cameras: manifest.cameras,
  state: manifest.state,
  action: manifest.action,
  fps: manifest.fps,
  chunkLength: manifest.chunkLength,
  extras: manifest.extras.map(({ name, shape }) => ({ name, shape })),
})
