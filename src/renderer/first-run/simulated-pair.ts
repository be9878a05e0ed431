/** The rig that needs no hardware: two simulated arms and three virtual cameras. */
import type { RigConfig } from '#contract/services/rig.ts'

const camera = (name: string): RigConfig['cameras'][number] => ({
  name,
  kind: 'virtual',
  width: 320,
  height: 240,
})

export const simulatedPair: RigConfig = {
  name: 'simulated-pair',
  robotType: 'so_follower',
  follower: { port: { kind: 'simulated' }, calibrationPath: null },
  leader: { port: { kind: 'simulated' }, calibrationPath: null },
  cameras: [camera('front'), camera('top'), camera('wrist')],
  fps: 30,
}
