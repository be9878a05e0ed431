import { describe, expect, it } from 'vitest'
import { fail, ok, type Result } from '#core/result.ts'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { CoreRig, periodUs, testProfile, zero } from './core-rig.ts'

const at = (pan: number) => [pan, 0, 0, 0, 0, 0.5]

describe('engaging', () => {
  it('sends nothing in idle and nothing until torque is confirmed, then starts at the present pose', () => {
    const rig = new CoreRig(at(0.3), at(0.3))
    expect(rig.tick()).toMatchObject({ mode: 'idle', followerGoal: null, followerTorque: { wanted: 'asIs' } })
    expect(rig.tick(['engage'])).toMatchObject({
      mode: 'holding',
      followerGoal: null,
      followerTorque: { wanted: 'on' },
    })
    const first = rig.tick()
    expect(first.followerGoal).toEqual(at(0.3))
    expect(rig.monitor.count).toBe(0)
  })

  it('aligns at align speed, shows the worst joint, and lets the human drive once every joint is close', () => {
    const rig = new CoreRig(zero, [0.8, 0.2, 0, 0, 0, 0.5])
    rig.tick(['engage'])
    rig.until('matching')
    const view = rig.core.view()
    expect(view.gaps?.worstJoint).toBe(0)
    expect(view.gaps?.worstRad).toBeCloseTo(0.8, 2)
    expect(view.secondsLeft).toBeGreaterThan(1.5)
    const start = rig.nowUs
    rig.until('teleop')
    expect((rig.nowUs - start) / 1e6).toBeGreaterThan((0.8 - 0.05) / 0.5)
    rig.run(1)
    expect(rig.follower.pose[0]).toBeCloseTo(0.8, 3)
    expect(rig.monitor.violations).toEqual([])
  })

  it('refuses without a leader and says so', () => {
    const rig = new CoreRig()
    rig.leader.connection = 'absent'
    rig.tick()
    expect(rig.core.blocker('engage')?.code).toBe('control/leader-lost')
    expect(rig.tick(['engage']).replies[0]?.result).toMatchObject({
      ok: false,
      error: { code: 'control/leader-lost' },
    })
    expect(rig.core.mode).toBe('idle')
  })

  it('says in idle that torque is off, and going on from nowhere switches nothing on', () => {
    const rig = new CoreRig()
    rig.tick()
    for (const kind of ['hold', 'takeOver', 'giveToPolicy', 'resume', 'park'] as const) {
      expect(rig.core.blocker(kind)?.message, kind).toBe('Torque is off: engage first')
    }
    expect(rig.tick(['resume'])).toMatchObject({ mode: 'idle', followerTorque: { wanted: 'asIs' } })
  })

  it('refuses a pose outside the calibrated range and names the joint', () => {
    const rig = new CoreRig([2.2, 0, 0, 0, 0, 0.5])
    rig.tick()
    expect(rig.core.blocker('engage')).toMatchObject({
      code: 'control/pose-out-of-range',
      data: { joint: 'shoulder_pan' },
    })
  })

  it('a torque that does not come on is a fault with its cause, and recover asks again', () => {
    const rig = new CoreRig()
    rig.follower.powerFault = { code: 'arm/torque-failed', message: 'no', data: { joint: 'elbow_flex' } }
    rig.tick(['engage'])
    rig.tick()
    expect(rig.core.view()).toMatchObject({ mode: 'fault', causes: [{ code: 'arm/torque-failed' }] })
    rig.follower.powerFault = null
    rig.tick(['recover'])
    rig.tick()
    expect(rig.core.view()).toMatchObject({ mode: 'holding', isPowered: true })
  })
})

describe('teleoperation', () => {
  it('follows the hand without lag and records what was asked and what was sent', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.5)
    rig.run(3, () => (rig.leader.pose[0] = 0.5 * Math.sin((rig.nowUs / 1e6) * 2)))
    expect(rig.last.source).toBe('human')
    expect(rig.last.requested?.[0]).toBe(rig.leader.pose[0])
    expect(rig.last.followerGoal?.[0]).toBeCloseTo(rig.leader.pose[0] ?? 0, 2)
    expect(rig.monitor.violations).toEqual([])
  })

  it('a hand beyond the range is limited to the range and counted as such', () => {
    const rig = new CoreRig().engaged()
    rig.run(4, () => (rig.leader.pose[1] = Math.min((rig.leader.pose[1] ?? 0) + 0.004, 1.9)))
    expect(rig.last.followerGoal?.[1]).toBeCloseTo(1.7, 6)
    expect(rig.last.limitedJoints).toEqual([1])
    expect(rig.monitor.violations).toEqual([])
  })

  it('comes to rest on stop, keeps torque, and says that a person asked', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.5, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.012))
    expect(rig.tick(['stop'])).toMatchObject({ mode: 'slowStop', source: 'hold' })
    rig.until('holding', 1)
    const stood = rig.follower.pose[0]
    rig.run(0.5)
    expect(rig.follower.pose[0]).toBe(stood)
    expect(rig.core.view()).toMatchObject({
      isPowered: true,
      causes: [{ code: 'control/stop-asked' }],
      driver: 'human',
    })
    expect(rig.monitor.violations).toEqual([])
  })

  it('a jump of the clock makes no jump of the goal', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.5, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.01))
    const before = rig.last.followerGoal?.[0] ?? 0
    rig.leader.pose[0] = before + 0.5
    const after = rig.tick([], 2_000_000)
    expect(Math.abs((after.followerGoal?.[0] ?? 9) - before)).toBeLessThanOrEqual(
      25 * (periodUs / 1e6) ** 2 * 1.000001,
    )
    const back = rig.tick([], -5_000_000)
    expect(back.followerGoal?.[0]).toBe(after.followerGoal?.[0])
    rig.run(1)
    expect(rig.monitor.violations.map((violation) => violation.rule)).toEqual([])
  })
})

describe('stopping for good', () => {
  it('an e-stop cuts torque in the same tick, and nothing is sent in or after it', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.3, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.01))
    const cut = rig.tick(['engage', 'eStop'])
    expect(cut).toMatchObject({
      mode: 'eStop',
      followerGoal: null,
      leaderGoal: null,
      followerTorque: { wanted: 'off' },
    })
    for (const kind of ['engage', 'takeOver', 'giveToPolicy', 'resume', 'hold'] as const) {
      const output = rig.tick([kind])
      expect(output.replies[0]?.result.ok, kind).toBe(false)
      expect(output.followerGoal).toBeNull()
    }
    expect(rig.monitor.count).toBe(0)
  })

  it('after an e-stop power comes back into hold, and a second act engages', () => {
    const rig = new CoreRig().engaged()
    rig.tick(['eStop'])
    rig.follower.pose[1] = -0.6
    rig.run(0.2)
    rig.tick(['recover'])
    rig.run(1)
    expect(rig.core.view()).toMatchObject({ mode: 'holding', isPowered: true })
    expect(rig.last.followerGoal?.[1]).toBe(-0.6)
    rig.tick(['engage'])
    rig.until('teleop')
    expect(rig.monitor.violations).toEqual([])
  })

  it('begins in hold, with unknown torque and nothing sent, when a former session left the arm powered', () => {
    const rig = new CoreRig(at(0.4), at(0.4), { startHolding: true })
    rig.run(0.1)
    expect(rig.last).toMatchObject({
      mode: 'holding',
      followerGoal: null,
      followerTorque: { wanted: 'asIs' },
    })
    expect(rig.core.view()).toMatchObject({ isPowered: false, causes: [{ code: 'control/held-since' }] })
    rig.tick(['engage'])
    rig.until('teleop')
    expect(rig.core.blocker('park')?.code).toBe('control/not-allowed')
    expect(rig.monitor.violations).toEqual([])
  })

  it('parks where torque first came on, then lets go', () => {
    const rig = new CoreRig(at(0.4), at(0.4)).engaged()
    rig.run(2, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.002))
    rig.tick(['hold'])
    rig.until('holding')
    rig.tick(['park'])
    expect(rig.core.mode).toBe('matching')
    rig.until('holding')
    expect(rig.follower.pose[0]).toBeCloseTo(0.4, 2)
    expect(rig.tick(['powerOff'])).toMatchObject({
      mode: 'idle',
      followerGoal: null,
      followerTorque: { wanted: 'off' },
    })
    expect(rig.monitor.violations).toEqual([])
  })
})

describe('policy', () => {
  const policyRig = (pose: number) => {
    const rig = new CoreRig().engaged()
    rig.policyPose = () => ok(at(pose))
    return rig
  }

  it('is given the arm bumplessly: blend, then policy, the gap closed under the hand-over limits', () => {
    const rig = policyRig(0.2)
    expect(rig.tick(['giveToPolicy'])).toMatchObject({ mode: 'blend', source: 'blend', policy: 'start' })
    expect(rig.core.view().secondsLeft).toBeNull()
    rig.tick()
    expect(rig.core.view().secondsLeft).toBeGreaterThan(0.3)
    rig.until('policy')
    rig.run(1)
    expect(rig.last).toMatchObject({ source: 'policy', requested: at(0.2) })
    expect(rig.follower.pose[0]).toBeCloseTo(0.2, 3)
    expect(rig.core.view().driver).toBe('policy')
    expect(rig.monitor.violations).toEqual([])
  })

  it('is refused with the reason the policy gives', () => {
    const rig = new CoreRig().engaged()
    expect(rig.core.blocker('giveToPolicy')?.code).toBe('control/no-policy')
    rig.policy = {
      name: 'x',
      blockers: [{ code: 'policy/contract-mismatch', message: 'order' }],
      sample: null,
    }
    rig.tick()
    expect(rig.core.blocker('giveToPolicy')?.code).toBe('policy/contract-mismatch')
    expect(rig.tick(['giveToPolicy']).mode).toBe('teleop')
  })

  it('moving fast, the arm comes to rest before the narrower limits of the hand-over', () => {
    const rig = policyRig(0.9)
    rig.run(0.5, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.012))
    expect(rig.tick(['giveToPolicy']).mode).toBe('slowStop')
    rig.until('policy')
    expect(rig.monitor.violations).toEqual([])
  })

  it('the leader mirrors with capped torque, and moving it by hand takes over within one tick', () => {
    const rig = policyRig(0.4)
    rig.tick(['giveToPolicy'])
    rig.until('policy')
    rig.run(2)
    expect(rig.last.leaderTorque).toMatchObject({ wanted: 'on', cap: 0.6 })
    expect(rig.leader.pose[0]).toBeCloseTo(0.4, 2)
    rig.leader.stuck.add(0)
    rig.leader.pose[0] = 0.55
    const taken = rig.tick()
    expect(taken).toMatchObject({
      mode: 'teleop',
      source: 'human',
      isIntervention: true,
      policy: 'stop',
      leaderGoal: null,
    })
    expect(taken.leaderTorque.wanted).toBe('off')
    rig.leader.stuck.clear()
    rig.run(1.5)
    expect(rig.follower.pose[0]).toBeCloseTo(0.55, 3)
    expect(rig.monitor.violations).toEqual([])
  })

  it('lag of a lightly torqued leader is not a hand', () => {
    const rig = policyRig(0)
    rig.policyPose = (now) => ok(at(0.8 * Math.sin(now / 6e5)))
    rig.leader.stuck.add(0)
    const goals: number[] = []
    rig.tick(['giveToPolicy'])
    rig.run(6, () => {
      goals.push(rig.outputs.at(-1)?.leaderGoal?.[0] ?? rig.leader.pose[0] ?? 0)
      rig.leader.pose[0] = goals[Math.max(0, goals.length - 50)] ?? 0
    })
    expect(rig.core.mode).toBe('policy')
  })

  it('one key takes over within one tick of its receipt, from the commanded pose', () => {
    const rig = policyRig(0.3)
    rig.tick(['giveToPolicy'])
    rig.until('policy')
    rig.run(1)
    const before = rig.last.followerGoal?.[0] ?? 0
    const taken = rig.tick(['takeOver'])
    expect(taken).toMatchObject({ mode: 'teleop', source: 'human' })
    expect(taken.followerGoal?.[0]).toBeCloseTo(before, 3)
    expect(rig.monitor.violations).toEqual([])
  })

  it('resume goes on with whoever drove', () => {
    const rig = policyRig(0.1)
    rig.tick(['giveToPolicy'])
    rig.until('policy')
    rig.tick(['hold'])
    rig.until('holding')
    rig.tick(['resume'])
    rig.until('policy')
    rig.tick(['takeOver'])
    rig.tick(['hold'])
    rig.until('holding')
    rig.tick(['resume'])
    rig.until('teleop')
    expect(rig.monitor.violations).toEqual([])
  })

  it.each([
    ['is late', () => fail('policy/timeout', 'late'), 'policy/timeout'],
    ['answers NaN', () => ok([Number.NaN, 0, 0, 0, 0, 0]), 'policy/not-finite'],
    ['answers infinity', () => ok([0, 0, Number.POSITIVE_INFINITY, 0, 0, 0]), 'policy/not-finite'],
    ['answers out of range', () => ok([0, 9, 0, 0, 0, 0]), 'policy/out-of-range'],
    ['answers with too few joints', () => ok([0, 0]), 'control/bad-action'],
    ['falls silent', () => null, 'policy/timeout'],
  ] as readonly [string, () => Result<JointVector> | null, string][])(
    'that %s becomes a hold at the end of the last good action, with the cause',
    (_, bad, code) => {
      const rig = policyRig(0)
      let pan = 0
      rig.policyPose = () => ok(at((pan += 0.004)))
      rig.tick(['giveToPolicy'])
      rig.until('policy')
      rig.run(0.3)
      rig.policyPose = () => bad()
      expect(rig.tick()).toMatchObject({ mode: 'slowStop', source: 'hold', policy: 'stop', requested: null })
      rig.until('holding', 3)
      rig.run(0.5)
      expect(rig.core.view().causes[0]?.code).toBe(code)
      expect(rig.follower.pose[0]).toBeCloseTo(pan, 2)
      expect(rig.monitor.violations).toEqual([])
      expect(testProfile.joints.every((joint, index) => (rig.follower.pose[index] ?? 9) <= joint.upper)).toBe(
        true,
      )
    },
  )
})
