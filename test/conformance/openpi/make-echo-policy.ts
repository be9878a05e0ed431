/**
 * A generic ONNX policy whose chunk tells exactly what it was shown: row k is the state, plus 0.01·k, plus a weighted sum of
 * every sample of both pictures. Weights: sin(i·(j + 1)) / n for sample i of [3, height, width] and channel j.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraphBuilder, type Value } from '#core/onnx/graph-builder.ts'
import { add } from '#core/onnx/ops-elementwise.ts'
import { reshape } from '#core/onnx/ops-layout.ts'
import { matMul } from '#core/onnx/ops-linear.ts'
import { imageSource, manifestFormat, stateSource, type PolicyManifest } from '#core/policy/manifest.ts'

const cameras = [
  { name: 'head', width: 12, height: 10 },
  { name: 'wrist', width: 8, height: 8 },
]
const channels = [
  { name: 'left_joint.pos', unit: 'radians' as const },
  { name: 'left_gripper.pos', unit: 'range_0_1' as const },
  { name: 'right_joint.pos', unit: 'radians' as const },
  { name: 'right_gripper.pos', unit: 'range_0_1' as const },
]
const chunkLength = 5
const width = channels.length

const manifest: PolicyManifest = {
  format: manifestFormat,
  name: 'Echo',
  kind: 'onnx',
  description: 'Answers with what it was shown, for tests of the wire.',
  learned: false,
  model: 'policy.onnx',
  robotType: null,
  cameras,
  state: channels,
  action: channels,
  fps: 10,
  chunkLength,
  extras: [],
  inputs: [
    { source: stateSource, tensor: 'state', shape: [1, width] },
    ...cameras.map((camera) => ({
      source: imageSource(camera.name),
      tensor: camera.name,
      shape: [1, 3, camera.height, camera.width],
    })),
  ],
  output: { tensor: 'actions', shape: [1, chunkLength, width] },
}

const g = new GraphBuilder()
let row: Value = g.input('state', 'float32', [1, width])
for (const camera of cameras) {
  const samples = 3 * camera.width * camera.height
  const picture = g.input(camera.name, 'float32', [1, 3, camera.height, camera.width])
  const weights = Array.from(
    { length: samples * width },
    (_, index) => Math.sin(Math.floor(index / width) * ((index % width) + 1)) / samples,
  )
  const shown = matMul(
    g,
    reshape(g, picture, [1, samples]),
    g.floats(`${camera.name}_weights`, [samples, width], weights),
  )
  row = add(g, row, shown)
}
const ramp = Array.from({ length: chunkLength }, (_, step) => 0.01 * step)
g.output('actions', add(g, reshape(g, row, [1, 1, width]), g.floats('ramp', [1, chunkLength, 1], ramp)))

const [, , folder = 'echo'] = process.argv
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'policy.onnx'), g.encode({ opset: 21, graphName: 'echo', description: 'echo' }))
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
