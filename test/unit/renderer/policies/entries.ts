/** A policy and a rig of two joints that fit each other. */
import type { PolicyEntry } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import type { Channel, PolicyContract } from '#core/policy/policy-contract.ts'

const channels: Channel[] = [
  { name: 'shoulder_pan.pos', unit: 'degrees' },
  { name: 'gripper.pos', unit: 'range_0_100' },
]

export const rigContract: RigContract = {
  robotType: 'so_follower',
  fps: 30,
  cameras: [{ name: 'front', width: 320, height: 240 }],
  state: channels,
  action: channels,
  extras: [{ name: 'sim.red_cube_m', shape: [3] }],
}

export const demoContract: PolicyContract = {
  fps: 30,
  chunkLength: 50,
  robotType: 'so_follower',
  cameras: [],
  state: channels,
  action: channels,
  extras: [{ name: 'sim.red_cube_m', shape: [3] }],
}

export const demoEntry: PolicyEntry = {
  id: 'analytic-reach',
  name: 'Analytic reach',
  kind: 'onnx',
  description: 'Reaches over the red cube.',
  isLearned: false,
  license: null,
  path: '/app/policies/analytic-reach',
  contract: {
    ...demoContract,
    cameras: [],
    state: channels,
    action: channels,
    extras: [{ name: 'sim.red_cube_m', shape: [3] }],
  },
  fault: null,
}
