/**
 * The analytic demo policy, **not learned**: it reaches for the red cube and hovers over it. It is a real ONNX policy,
 * written by our own writer, so that the whole path from observation to motion can be used before a learned policy exists.
 *
 * It has no memory: from the present pose it moves at a constant speed and slows down exponentially near the target, so
 * that a chunk planned later continues the one before it.
 */
import type { ArmProfile } from '../arm/arm-profile.ts'
import { so101Follower } from '../arm/so101-profile.ts'
import { GraphBuilder } from '../onnx/graph-builder.ts'
import type { Value } from '../onnx/graph-builder.ts'
import { abs, add, div, exp, maximum, minimum, mul, sub } from '../onnx/ops-elementwise.ts'
import { reshape } from '../onnx/ops-layout.ts'
import { reduceMax } from '../onnx/ops-reduce.ts'
import { manifestFormat, stateSource } from './manifest.ts'
import type { PolicyManifest } from './manifest.ts'
import type { Channel } from './policy-contract.ts'
import { reachPose } from './so101-reach-graph.ts'

const profile: ArmProfile = so101Follower
const redCube = 'sim.red_cube_m'

export const analyticReach = {
  fps: 30,
  chunkLength: 50,
  /** Tool point above the centre of the cube. */
  hoverM: 0.07,
  gripperOpening: 0.5,
  /** Of the fastest joint; half of what the limiter allows a policy. */
  speedRadPerS: 0.8,
  /** Slowing down: speed per remaining distance. */
  approachPerS: 3,
  /** The first step is this far ahead of the observation, about the delay of a servo under load. */
  leadSteps: 2,
} as const

const channels: readonly Channel[] = profile.joints.map((joint) => ({
  name: `${joint.name}.pos`,
  unit: joint.kind === 'gripper' ? 'range_0_100' : 'degrees',
}))

const description =
  'Analytic demo, not learned. Moves the gripper above the red cube of the simulated bench and hovers there. It uses no picture: the simulator tells it where the cube is.'

export const analyticReachManifest: PolicyManifest = {
  format: manifestFormat,
  name: 'Analytic demo, not learned',
  kind: 'onnx',
  description,
  learned: false,
  model: 'policy.onnx',
  robotType: profile.robotType,
  cameras: [],
  state: channels,
  action: channels,
  fps: analyticReach.fps,
  chunkLength: analyticReach.chunkLength,
  extras: [
    {
      name: redCube,
      shape: [3],
      description: 'Centre of the red cube in the follower’s base frame, metres.',
    },
  ],
  inputs: [
    { source: stateSource, tensor: stateSource, shape: [1, profile.joints.length] },
    { source: redCube, tensor: redCube, shape: [1, 3] },
  ],
  output: { tensor: 'action', shape: [1, analyticReach.chunkLength, profile.joints.length] },
}

/** The bytes of `policy.onnx`: state and cube position in, a chunk of absolute joint targets out. */
export function buildAnalyticReach(): Uint8Array {
  const g = new GraphBuilder()
  const joints = profile.joints.length
  const state = g.input(stateSource, 'float32', [1, joints])
  const cube = g.input(redCube, 'float32', [1, 3])
  const scale = g.floats(
    'units_per_program_unit',
    [1, joints],
    profile.joints.map((joint) => (joint.kind === 'gripper' ? 100 : 180 / Math.PI)),
  )
  const present = div(g.scope('present'), state, scale)
  const place = add(g.scope('hover'), cube, g.floats('hover_m', [1, 3], [0, 0, analyticReach.hoverM]))
  const target = reachPose(g.scope('reach'), place, profile, analyticReach.gripperOpening)
  const chunk = approach(g.scope('approach'), present, target)
  g.output('action', mul(g.scope('action'), chunk, scale))
  return g.encode({
    opset: 21,
    graphName: 'analytic-reach',
    description,
    metadata: { 'foresight.learned': 'false' },
  })
}

/**
 * The way from `present` to `target` [1, n] as steps [1, chunk, n]. With distance d₀ of the farthest joint, speed v and
 * approach rate k, what remains at time t is max(d₀ − v·t, min(d₀, v/k)·exp(−k·(t − t₁))), t₁ = (d₀ − v/k)/v or 0.
 */
function approach(g: GraphBuilder, present: Value, target: Value): Value {
  const { fps, chunkLength, speedRadPerS: speed, approachPerS: rate, leadSteps } = analyticReach
  const way = sub(g, target, present)
  const radPerUnit = g.floats(
    'rad_per_unit',
    [1, profile.joints.length],
    profile.joints.map((joint) => joint.radPerUnit),
  )
  const farthest = reduceMax(g, mul(g, abs(g, way), radPerUnit), 1)
  const distance = reshape(g, maximum(g, farthest, g.scalar(1e-6)), [1, 1, 1])
  const time = g.floats(
    'time_s',
    [1, chunkLength, 1],
    Array.from({ length: chunkLength }, (_, step) => (step + leadSteps) / fps),
  )
  const brakingRad = g.scalar(speed / rate)
  const zero = g.scalar(0)
  const brakingS = div(g, maximum(g, sub(g, distance, brakingRad), zero), g.scalar(speed))
  const sinceS = maximum(g, sub(g, time, brakingS), zero)
  const slowing = mul(g, minimum(g, distance, brakingRad), exp(g, mul(g, sinceS, g.scalar(-rate))))
  const cruising = sub(g, distance, mul(g, time, g.scalar(speed)))
  const remaining = div(g, maximum(g, cruising, slowing), distance)
  const done = sub(g, g.scalar(1), remaining)
  const row = (value: Value): Value => reshape(g, value, [1, 1, profile.joints.length])
  return add(g, row(present), mul(g, done, row(way)))
}
