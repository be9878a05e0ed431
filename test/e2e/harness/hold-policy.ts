/**
 * A policy for tests, as a folder: it asks for the present pose again and again, gripper kept inside 0…100. It takes one
 * picture as well, which changes nothing, so that the whole way of pictures is used.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { add, clamp, mul } from '#core/onnx/ops-elementwise.ts'
import { concat, expand, reshape, slice } from '#core/onnx/ops-layout.ts'
import { reduceMean } from '#core/onnx/ops-reduce.ts'
import { imageSource, manifestFormat, stateSource, type PolicyManifest } from '#core/policy/manifest.ts'
import type { Channel } from '#core/policy/policy-contract.ts'

const channels: readonly Channel[] = so101Follower.joints.map(({ name, kind }) => ({
  name: `${name}.pos`,
  unit: kind === 'gripper' ? 'range_0_100' : 'degrees',
}))

export const holdChunk = 15

export interface HoldOptions {
  readonly camera: { readonly name: string; readonly width: number; readonly height: number }
  readonly fps: number
}

function graph({ camera }: HoldOptions): Uint8Array {
  const g = new GraphBuilder()
  const width = channels.length
  const state = g.input(stateSource, 'float32', [1, width])
  const picture = g.input(imageSource(camera.name), 'float32', [1, 3, camera.height, camera.width])
  const flat = reshape(g, picture, [1, 3 * camera.height * camera.width])
  const nothing = mul(g.scope('nothing'), reduceMean(g, flat, 1), g.scalar(0))
  const joints = slice(g, state, 1, 0, width - 1)
  const gripper = clamp(g, slice(g.scope('gripper'), state, 1, width - 1, width), 0, 100)
  const pose = add(g, concat(g, [joints, gripper], 1), nothing)
  g.output('action', expand(g, reshape(g.scope('row'), pose, [1, 1, width]), [1, holdChunk, width]))
  return g.encode({ opset: 21, graphName: 'hold', description: 'asks for the present pose' })
}

/** Writes it to `folder`. */
export async function writeHoldPolicy(folder: string, options: HoldOptions): Promise<void> {
  const { camera, fps } = options
  const manifest: PolicyManifest = {
    format: manifestFormat,
    name: 'Hold still',
    kind: 'onnx',
    description: 'Asks for the present pose. For tests.',
    learned: false,
    model: 'policy.onnx',
    robotType: 'so_follower',
    cameras: [camera],
    state: channels,
    action: channels,
    fps,
    chunkLength: holdChunk,
    extras: [],
    inputs: [
      { source: stateSource, tensor: stateSource, shape: [1, channels.length] },
      {
        source: imageSource(camera.name),
        tensor: imageSource(camera.name),
        shape: [1, 3, camera.height, camera.width],
      },
    ],
    output: { tensor: 'action', shape: [1, holdChunk, channels.length] },
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'policy.onnx'), graph(options))
}
