import { describe, expect, it } from 'vitest'
import { robotParts, xpolicylabTemplate } from '#core/policy/openpi/xpolicylab-keys.ts'
import { unwrap } from '#core/result.ts'
import { contractFrom } from '#host/policy/internvla/internvla-policy.ts'
import { readRobotProfiles } from '#host/policy/internvla/robot-profiles.ts'

const channel = (name: string, unit: 'radians' | 'range_0_100' = 'radians') => ({ name, unit })

describe('XPolicyLab’s names for the parts of a robot', () => {
  it('need no side where there is one arm', () => {
    expect(unwrap(robotParts([channel('shoulder.pos'), channel('gripper.pos', 'range_0_100')]))).toEqual([
      { key: 'arm_joint_state', indices: [0] },
      { key: 'ee_joint_state', indices: [1] },
    ])
  })

  it('are refused where only some joints have a side', () => {
    expect(robotParts([channel('left_joint.pos'), channel('waist.pos')])).toMatchObject({
      ok: false,
      error: { code: 'policy/contract-mismatch' },
    })
  })

  it('exist for every robot that checkpoints know', async () => {
    const profiles = unwrap(await readRobotProfiles('resources'))
    expect(profiles.length).toBeGreaterThan(5)
    for (const profile of profiles) {
      const contract = contractFrom(profile, 50)
      expect(xpolicylabTemplate(contract).ok, profile.keys.join()).toBe(true)
      const parts = unwrap(robotParts(contract.action))
      const count = parts.reduce((sum, { indices }) => sum + indices.length, 0)
      expect(count).toBe(contract.action.length)
    }
  })

  it('put the two arms of ALOHA in XPolicyLab’s own order', async () => {
    const aloha = unwrap(await readRobotProfiles('resources')).find(({ keys }) => keys.includes('aloha'))
    if (aloha === undefined) throw new Error('there is no ALOHA')
    expect(
      unwrap(robotParts(contractFrom(aloha, 50).action)).map(({ key, indices }) => [key, indices.length]),
    ).toEqual([
      ['left_arm_joint_state', 6],
      ['left_ee_joint_state', 1],
      ['right_arm_joint_state', 6],
      ['right_ee_joint_state', 1],
    ])
  })
})
