import { describe, expect, it } from 'vitest'
import { CoreRig } from './core-rig.ts'

const supplied = (rig: CoreRig, voltageV: number): void => {
  for (let index = 0; index < 6; index++) rig.follower.changes.set(index, { voltageV })
}
const causes = (rig: CoreRig) => rig.core.view().causes.map((cause) => cause.code)

describe('servos that do not measure their supply', () => {
  it('are driven all the same: what answers has a supply', () => {
    const rig = new CoreRig()
    supplied(rig, 0)
    rig.engaged()
    expect(rig.run(2)).toMatchObject({ mode: 'teleop', reactions: [] })
  })

  it('are still believed when their status says that the voltage is wrong', () => {
    const rig = new CoreRig()
    for (let index = 0; index < 6; index++) rig.follower.changes.set(index, { voltageV: 0 })
    rig.engaged()
    rig.follower.changes.set(2, { voltageV: 0, statusBits: 0x01 })
    rig.run(1.1)
    expect(causes(rig)).toEqual(['control/servo-voltage'])
  })

  it('are told from a supply that breaks down', () => {
    const rig = new CoreRig().engaged()
    supplied(rig, 0)
    rig.run(1.1)
    expect(causes(rig)).toEqual(['control/servo-voltage'])
  })
})
