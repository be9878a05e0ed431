/** A bench of four shapes whose red cube moves with time, so that a picture of it tells when it was taken. */
import type { WorldDescription } from '#contract/services/sim.ts'

const still = [1, 0, 0, 0] as [number, number, number, number]

export const smallWorld: WorldDescription = {
  bodies: [{ name: 'world' }, { name: 'cube_red' }, { name: 'follower_gripper' }],
  geoms: [
    {
      name: 'table',
      body: 0,
      kind: 'box',
      size: [0.5, 0.5, 0.02],
      position: [0, 0, -0.02],
      quaternion: still,
      rgba: [0.8, 0.6, 0.4, 1],
    },
    {
      name: 'cube_red',
      body: 1,
      kind: 'box',
      size: [0.03, 0.03, 0.03],
      position: [0, 0, 0],
      quaternion: still,
      rgba: [0.9, 0.05, 0.05, 1],
    },
    {
      name: 'palm',
      body: 2,
      kind: 'capsule',
      size: [0.02, 0.04, 0],
      position: [0, 0, 0],
      quaternion: still,
      rgba: [0.9, 0.9, 0.9, 1],
    },
    {
      name: 'horn',
      body: 2,
      kind: 'cylinder',
      size: [0.015, 0.02, 0],
      position: [0, 0.03, 0],
      quaternion: still,
      rgba: [0.2, 0.2, 0.2, 1],
    },
  ],
  cameras: [
    // Looks straight down; the picture's right is the world's +x.
    { name: 'top', body: 0, position: [0, 0, 0.8], quaternion: still, verticalFovDeg: 45 },
    {
      name: 'front',
      body: 0,
      position: [0, -0.6, 0.35],
      quaternion: [0.866, 0.5, 0, 0],
      verticalFovDeg: 50,
    },
    { name: 'follower_wrist', body: 2, position: [0, 0, 0.05], quaternion: still, verticalFovDeg: 60 },
  ],
  jointNames: [],
}

/** The red cube's way along x: ±0.3 m as a triangle wave of this period. */
export const cubePeriodUs = 4_000_000

export function cubeXM(timeUs: number): number {
  const phase = (((timeUs % cubePeriodUs) + cubePeriodUs) % cubePeriodUs) / cubePeriodUs
  return 0.3 * (phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase)
}

/** x, y, z, qw, qx, qy, qz per body. */
export const smallWorldPose = (timeUs: number): Float64Array<ArrayBuffer> =>
  Float64Array.from([0, 0, 0, 1, 0, 0, 0, cubeXM(timeUs), 0, 0.03, 1, 0, 0, 0, 0, 0.25, 0.2, 1, 0, 0, 0])
