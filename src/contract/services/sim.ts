/** The simulated bench: what to draw, where everything is, faults on demand, and the hands on the leader. Served by the sim host. */
import { z } from 'zod'
import { call, defineService, stream } from '../rpc/define.ts'
import { armRole, nothing, timeUs } from './common.ts'

const vec3 = z.tuple([z.number(), z.number(), z.number()])
const quat = z.tuple([z.number(), z.number(), z.number(), z.number()])

export const worldDescription = z.object({
  /** Order of the 7-tuples in `pose`. */
  bodies: z.array(z.object({ name: z.string() })),
  geoms: z.array(
    z.object({
      name: z.string(),
      body: z.number().int(),
      kind: z.enum(['plane', 'sphere', 'capsule', 'cylinder', 'ellipsoid', 'box']),
      /** MuJoCo's half sizes, metres. */
      size: vec3,
      position: vec3,
      /** w, x, y, z. */
      quaternion: quat,
      rgba: quat,
    }),
  ),
  cameras: z.array(
    z.object({
      name: z.string(),
      body: z.number().int(),
      position: vec3,
      quaternion: quat,
      verticalFovDeg: z.number(),
    }),
  ),
  jointNames: z.array(z.string()),
})
export type WorldDescription = z.infer<typeof worldDescription>

export const worldPose = z.object({
  /** Machine clock when the physics step of this pose was done. */
  timeUs,
  simTimeUs: timeUs,
  /** x, y, z, qw, qx, qy, qz per body, world frame, metres. */
  pose: z.instanceof(Float64Array),
  follower: z.array(z.number()),
  leader: z.array(z.number()),
  /** Centre of each cube in the follower's base frame, metres. */
  cubes: z.record(z.string(), vec3),
  /** Simulated seconds per real second over the last second; below 1 the machine is too slow. */
  speed: z.number(),
  /** The red cube is carried along a way (`moveTarget`). */
  isTargetMoving: z.boolean(),
})
export type WorldPose = z.infer<typeof worldPose>

export const faultKinds = [
  'drop',
  'corrupt',
  'delay',
  'unplug',
  'overload',
  'hot',
  'voltage',
  'stuck',
  'reset',
  'silent',
] as const

export const simFault = z.object({
  bus: armRole,
  kind: z.enum(faultKinds),
  /** Joint name for the kinds that hit one servo; absent hits the whole bus. */
  joint: z.string().optional(),
  /** drop, corrupt: probability 0…1 · delay: ms · hot: °C · voltage: V. */
  amount: z.number().optional(),
})
export type SimFault = z.infer<typeof simFault>

export const operatorState = z.object({
  isRunning: z.boolean(),
  phase: z.string(),
  cube: z.string(),
  attempts: z.number().int(),
  cubesInBin: z.array(z.string()),
})
export type OperatorState = z.infer<typeof operatorState>

export const sim = defineService('sim', {
  describe: call(nothing, worldDescription),
  poses: stream(z.object({ maxHz: z.number().min(1).max(240) }), worldPose, 'latest'),
  faults: stream(nothing, z.array(simFault), 'latest'),
  setFault: call(simFault, nothing),
  clearFault: call(simFault.pick({ bus: true, kind: true, joint: true }), nothing),
  clearFaults: call(nothing, nothing),
  resetScene: call(z.object({ seed: z.number().int().optional() }), nothing),
  /** Carries the red cube along a seeded way, on simulated time; null lets it be. Off at the start. */
  moveTarget: call(z.object({ seed: z.number().int().nullable() }), nothing),
  /** Leader gripper to a point in the follower's base frame (both arms move alike), metres; optional pitch and roll in rad. */
  dragTo: call(
    z.object({ position: vec3, pitchRad: z.number().optional(), rollRad: z.number().optional() }),
    nothing,
  ),
  /** Moves the leader's hand by a small step; metres, rad, gripper 0…1. */
  jog: call(
    z.object({ delta: vec3, pitchRad: z.number(), rollRad: z.number(), gripper: z.number() }),
    nothing,
  ),
  releaseHand: call(nothing, nothing),
  startOperator: call(
    z.object({ seed: z.number().int(), cube: z.enum(['red', 'green', 'yellow']) }),
    nothing,
  ),
  stopOperator: call(nothing, nothing),
  operator: stream(nothing, operatorState, 'latest'),
})
