/** A policy that holds still and breaks once the red cube has left its place: √ of a negative number, as a network's numbers run away. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { add, mul, sqrt, sub } from '#core/onnx/ops-elementwise.ts'
import { expand, reshape, slice } from '#core/onnx/ops-layout.ts'
import { analyticReachManifest } from '#core/policy/analytic-reach.ts'

const { chunkLength } = analyticReachManifest
const joints = analyticReachManifest.action.length

/** Writes manifest and graph into `folder`. @param limitM the cube's y beyond which it answers NaN */
export async function writeNanPolicy(folder: string, limitM: number): Promise<void> {
  const g = new GraphBuilder()
  const state = g.input('observation.state', 'float32', [1, joints])
  const cube = g.input('sim.red_cube_m', 'float32', [1, 3])
  const left = sub(g, g.scalar(limitM), slice(g, cube, 1, 1, 2))
  const poison = mul(g, sqrt(g, left), g.scalar(0))
  const row = add(g, state, poison)
  g.output('action', expand(g, reshape(g, row, [1, 1, joints]), [1, chunkLength, joints]))
  await mkdir(folder, { recursive: true })
  await writeFile(
    join(folder, 'policy.onnx'),
    g.encode({ opset: 21, graphName: 'nan', description: 'breaks on purpose' }),
  )
  const manifest = { ...analyticReachManifest, name: 'Breaks on purpose', description: 'A test.' }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
}
