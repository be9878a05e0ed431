/** Folders with small policies made on the spot: good ones, and each kind of bad one. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GraphBuilder, type Value } from '#core/onnx/graph-builder.ts'
import { add, div, mul, sqrt } from '#core/onnx/ops-elementwise.ts'
import { reshape } from '#core/onnx/ops-layout.ts'
import type { PolicyManifest } from '#core/policy/manifest.ts'

export const width = 2
export const length = 4

export const manifest: PolicyManifest = {
  format: 'foresight-policy/1',
  name: 'Test policy',
  kind: 'onnx',
  description: 'for a test',
  learned: true,
  model: 'policy.onnx',
  robotType: 'test_arm',
  cameras: [],
  state: [
    { name: 'a.pos', unit: 'degrees' },
    { name: 'gripper.pos', unit: 'range_0_100' },
  ],
  action: [
    { name: 'a.pos', unit: 'degrees' },
    { name: 'gripper.pos', unit: 'range_0_100' },
  ],
  fps: 10,
  chunkLength: length,
  extras: [],
  inputs: [{ source: 'observation.state', tensor: 'state', shape: [1, width] }],
  output: { tensor: 'action', shape: [1, length, width] },
}

/** A model that answers with `steps(state)`; `state` is [1, width]. */
function model(steps: (g: GraphBuilder, state: Value) => Value): Uint8Array {
  const g = new GraphBuilder()
  g.output('action', steps(g, g.input('state', 'float32', [1, width])))
  return g.encode({ opset: 21, graphName: 'test', description: 'for a test' })
}

const repeat = (g: GraphBuilder, state: Value): Value =>
  add(
    g,
    reshape(g, state, [1, 1, width]),
    g.floats('zeros', [1, length, width], Array<number>(length * width).fill(0)),
  )

/** Every step is the present state plus `offset`. */
export const offsetModel = (offset: number): Uint8Array =>
  model((g, state) => add(g, repeat(g, state), g.scalar(offset)))

/** NaN where the state is negative. */
export const rootModel = (): Uint8Array => model((g, state) => sqrt(g, repeat(g, state)))

/** NaN always. */
export const nanModel = (): Uint8Array =>
  model((g, state) => {
    const zero = mul(g, repeat(g, state), g.scalar(0))
    return div(g, zero, zero)
  })

export interface PolicyShelf extends AsyncDisposable {
  /** A data folder; `own` is its `policies`. */
  readonly root: string
  readonly shipped: string
  readonly own: string
  readonly resourcesDir: string
  put(
    where: 'shipped' | 'own',
    name: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<void>
}

export async function policyShelf(): Promise<PolicyShelf> {
  const root = await mkdtemp(join(tmpdir(), 'policies ü-'))
  const folders = { shipped: join(root, 'shipped'), own: join(root, 'policies') }
  return {
    root,
    ...folders,
    resourcesDir: fileURLToPath(new URL('../../../../resources/', import.meta.url)),
    put: async (where, name, files) => {
      const folder = join(folders[where], name)
      await mkdir(folder, { recursive: true })
      for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

export const files = (
  bytes: Uint8Array,
  changes: Partial<PolicyManifest> = {},
): Readonly<Record<string, string | Uint8Array>> => ({
  'policy.onnx': bytes,
  'manifest.json': JSON.stringify({ ...manifest, ...changes }),
})
