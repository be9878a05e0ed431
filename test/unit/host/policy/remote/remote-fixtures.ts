/** A small remote policy: one camera, two joints, chunks of two rows. */
import { float32Array } from '#core/policy/openpi/array-values.ts'
import type { RemoteManifest } from '#core/policy/openpi/remote-manifest.ts'
import type { WireMap } from '#core/policy/openpi/wire-value.ts'
import type { Observation } from '#host/policy/policy.ts'

export const remoteManifest: RemoteManifest = {
  format: 'foresight-remote/1',
  kind: 'openpi',
  name: 'Far away',
  description: '',
  learned: true,
  license: null,
  address: 'ws://127.0.0.1:8000',
  apiKeyFile: null,
  timeoutMs: 1000,
  historyTicks: 0,
  actionsKey: 'actions',
  contract: {
    robotType: 'so_follower',
    cameras: [{ name: 'front', width: 6, height: 4 }],
    state: [
      { name: 'shoulder_pan.pos', unit: 'degrees' },
      { name: 'gripper.pos', unit: 'range_0_100' },
    ],
    action: [
      { name: 'shoulder_pan.pos', unit: 'degrees' },
      { name: 'gripper.pos', unit: 'range_0_100' },
    ],
    fps: 30,
    chunkLength: 2,
    extras: [{ name: 'sim.cube', shape: [1, 3] }],
  },
  observation: {
    pictureSide: 4,
    items: [
      { key: ['images', 'cam_high'], from: 'picture', camera: 'front', layout: 'chw' },
      { key: ['observation/image'], from: 'picture', camera: 'front', layout: 'hwc' },
      { key: ['observation/joints'], from: 'state', channels: ['shoulder_pan.pos'], dtype: 'float64' },
      { key: ['observation/gripper'], from: 'state', channels: ['gripper.pos'], dtype: 'float32' },
      { key: ['observation/cube'], from: 'extra', extra: 'sim.cube', dtype: 'float32' },
      { key: ['prompt'], from: 'task' },
    ],
  },
}

/** A picture of bytes: red counts the pixels, green and blue are 10 and 20. */
const planes = Float32Array.from({ length: 3 * 24 }, (_, index) =>
  index < 24 ? index / 255 : (index < 48 ? 10 : 20) / 255,
)

export const observation: Observation = {
  timeUs: 77,
  state: Float32Array.of(12.5, 40),
  extras: { 'sim.cube': Float32Array.of(1, 2, 3) },
  pictures: { front: { width: 6, height: 4, planes } },
  past: {},
  task: 'pick up the cube',
  guide: null,
  seed: null,
}

export const chunkAnswer = (values: readonly number[] = [1, 2, 3, 4], shape = [2, 2]): WireMap => ({
  actions: float32Array(values, shape),
  server_timing: { infer_ms: 7.5 },
})
