/** A servo that lost its torque by itself (DESIGN §4, reaction table): the row whose cause the bus tells only indirectly. */
import { describe, expect, it } from 'vitest'
import { CoreRig } from './core-rig.ts'

describe('a servo that lost its torque by itself', () => {
  it('stops, the others hold, the joint is named; engaging switches torque on anew', () => {
    const rig = new CoreRig().engaged()
    rig.follower.changes.set(1, { hasReset: true })
    rig.follower.stuck.add(1)
    rig.leader.pose[1] = 0.6
    rig.tick()
    expect(rig.core.mode).toBe('slowStop')
    rig.until('holding')
    rig.run(1)
    expect(rig.core.view().causes).toMatchObject([
      { code: 'control/servo-reset', data: { arm: 'follower', joint: 'shoulder_lift' } },
    ])
    const { request } = rig.last.followerTorque
    expect(rig.tick(['engage']).followerTorque.request).toBe(request + 1)
    rig.follower.changes.clear()
    rig.follower.stuck.clear()
    rig.until('teleop')
    expect(rig.monitor.violations).toEqual([])
  })

  it('a leader that mirrors only warns', () => {
    const rig = new CoreRig().engaged()
    rig.leader.changes.set(2, { hasReset: true })
    rig.run(0.5)
    expect(rig.core.view()).toMatchObject({
      mode: 'teleop',
      warnings: [{ code: 'control/servo-reset', data: { arm: 'leader', joint: 'elbow_flex' } }],
    })
  })
})
