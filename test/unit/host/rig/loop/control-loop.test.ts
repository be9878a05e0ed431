import { describe, expect, it } from 'vitest'
import type { ActionSource } from '#core/control/action-source.ts'
import { ok, type Result } from '#core/result.ts'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { FakeArmPort } from '#test/fakes/fake-arm-port.ts'
import { settle } from '#test/fakes/fake-clock.ts'
import { testProfile, zero } from '../../../core/control/core-rig.ts'
import { LoopRig } from './loop-rig.ts'

class TestSource implements ActionSource {
  readonly calls: string[] = []
  pose: () => Result<JointVector> = () => ok(zero)

  blockers() {
    return []
  }

  start(): void {
    this.calls.push('start')
  }

  sample(): Result<JointVector> {
    return this.pose()
  }

  observe(): void {
    if (this.calls.at(-1) !== 'observe') this.calls.push('observe')
  }

  stop(): void {
    this.calls.push('stop')
  }

  [Symbol.dispose](): void {
    this.calls.push('dispose')
  }
}

describe('one tick', () => {
  it('reads both arms, sends one goal and leaves one record with what was asked and sent', async () => {
    const rig = await new LoopRig().engaged()
    rig.leaderPort.pose[0] = 0.001
    await rig.ticker.beat({ lateUs: 130 })
    expect(rig.last).toMatchObject({
      mode: 'teleop',
      source: 'human',
      latenessUs: 130,
      timeUs: rig.clock.nowUs,
    })
    expect(rig.last?.requested?.[0]).toBe(0.001)
    expect(rig.last?.sent).toEqual(rig.followerPort.goals.at(-1))
    expect(rig.last?.leader?.joints[0]?.position).toBe(0.001)
    expect(rig.monitor.violations).toEqual([])
  })

  it('sends nothing in idle', async () => {
    const rig = new LoopRig()
    await rig.ticker.beats(50)
    expect(rig.followerPort.wire).toEqual([])
    expect(rig.leaderPort.wire).toEqual([])
    expect(rig.last).toMatchObject({ mode: 'idle', sent: null })
  })

  it('counts deadlines that were skipped and those that found it busy', async () => {
    const rig = new LoopRig()
    await rig.ticker.beat()
    await rig.ticker.beat({ skip: 3 })
    expect(rig.loop.meter.overruns).toBe(3)
    rig.followerPort.isReadHeld = true
    await rig.ticker.beat()
    const before = rig.records.length
    await rig.ticker.beat()
    expect(rig.loop.meter.overruns).toBe(4)
    expect(rig.records).toHaveLength(before + 1)
  })

  it('a read that never comes back costs one tick each time, and its arm grows silent', async () => {
    const rig = await new LoopRig().engaged()
    rig.followerPort.isReadHeld = true
    await rig.ticker.beats(30)
    expect(['slowStop', 'holding']).toContain(rig.core.mode)
    expect(rig.core.view().causes[0]?.code).toBe('control/servo-silent')
    await rig.ticker.beats(200)
    expect(rig.core.mode).toBe('fault')
  })

  it('an arm of which nothing was heard gets more time, until it is heard again', async () => {
    const rig = await new LoopRig().engaged()
    const patienceUs: number[] = []
    const read = rig.leaderPort.read.bind(rig.leaderPort)
    rig.leaderPort.read = (deadlineUs?: number) => {
      patienceUs.push((deadlineUs ?? 0) - rig.clock.nowUs)
      return read()
    }
    for (let index = 0; index < 6; index++) rig.leaderPort.silent.add(index)
    await rig.ticker.beats(2)
    rig.leaderPort.silent.clear()
    await rig.ticker.beats(2)
    expect(patienceUs).toEqual([12_000, 32_000, 32_000, 12_000])
    expect(rig.core.mode).toBe('teleop')
  })

  it('goes on when a listener breaks', async () => {
    const rig = new LoopRig()
    const broken = rig.loop.onTick(() => {
      throw new Error('listener')
    })
    const failed = new Promise((resolve) => process.once('unhandledRejection', resolve))
    await rig.ticker.beat()
    await failed
    broken[Symbol.dispose]()
    await rig.ticker.beat()
    expect(rig.records).toHaveLength(2)
  })
})

describe('emergency stop', () => {
  it('lets no goal pass from the call on, not even that of a tick in flight', async () => {
    const rig = await new LoopRig().engaged()
    rig.leaderPort.isReadHeld = true
    rig.leaderPort.pose[0] = 0.02
    await rig.ticker.beat()
    const goals = rig.followerPort.goals.length
    const cut = rig.loop.eStop()
    rig.leaderPort.release()
    await settle()
    await rig.ticker.beats(20)
    expect(await cut).toEqual(ok('eStop'))
    expect(rig.followerPort.goals).toHaveLength(goals)
    expect(rig.followerPort.isTorqueOn).toBe(false)
    expect(rig.followerPort.wire.at(-1)).toEqual({ kind: 'torqueOff' })
    expect(rig.last).toMatchObject({ mode: 'eStop', sent: null })
  })

  it('cuts although the loop does not tick', async () => {
    const rig = await new LoopRig().engaged()
    void rig.loop.eStop()
    await settle()
    expect(rig.followerPort.isTorqueOn).toBe(false)
    expect(rig.followerPort.wire.at(-1)).toEqual({ kind: 'torqueOff' })
  })

  it('says when torque could not be cut', async () => {
    const rig = await new LoopRig().engaged()
    rig.followerPort.releaseFault = { code: 'arm/torque-failed', message: 'elbow_flex did not confirm' }
    const cut = rig.loop.eStop()
    await rig.ticker.beats(3)
    expect(await cut).toMatchObject({ ok: false, error: { code: 'arm/torque-failed' } })
    expect(rig.core.mode).toBe('eStop')
  })

  it('overtakes a torque-on under way: what comes on late is switched off', async () => {
    const rig = new LoopRig()
    rig.followerPort.isTorqueHeld = true
    void rig.loop.command('engage')
    await rig.ticker.beats(3)
    void rig.loop.eStop()
    await rig.ticker.beats(2)
    rig.followerPort.release()
    await rig.ticker.beats(5)
    expect(rig.followerPort.isTorqueOn).toBe(false)
    expect(rig.followerPort.goals).toEqual([])
    expect(rig.core.mode).toBe('eStop')
  })
})

describe('arms that come and go', () => {
  it('the follower unplugged is a fault at once; back, it holds without power until a person engages', async () => {
    const rig = await new LoopRig().engaged()
    rig.followerPort.unplug()
    await rig.ticker.beat()
    expect(rig.last).toMatchObject({ mode: 'fault', sent: null, follower: null })
    expect(rig.gone).toEqual(['follower'])
    const back = new FakeArmPort(testProfile, [0.3, 0, 0, 0, 0, 0.5], rig.clock.now)
    expect(rig.follower.attach(back)).toEqual(ok(undefined))
    await rig.ticker.beats(20)
    expect(rig.last).toMatchObject({ mode: 'holding', sent: null })
    expect(back.wire).toEqual([])
    void rig.loop.command('engage')
    await rig.until('teleop')
    expect(back.wire[0]).toEqual({ kind: 'torqueOn' })
    expect(back.goals[0]?.[0]).toBe(0.3)
    expect(rig.monitor.violations).toEqual([])
  })

  it('the leader unplugged stops teleoperation, and may come back', async () => {
    const rig = await new LoopRig().engaged()
    rig.leaderPort.unplug()
    await rig.until('holding', 1)
    rig.leader.attach(new FakeArmPort(testProfile, zero, rig.clock.now))
    await rig.ticker.beat()
    void rig.loop.command('engage')
    await rig.until('teleop')
  })

  it('an arm with other ranges is not taken for the one that left', async () => {
    const rig = new LoopRig()
    const other = {
      ...testProfile,
      joints: testProfile.joints.map((joint) => ({ ...joint, lower: joint.lower - 1 })),
    }
    const result = rig.follower.attach(new FakeArmPort(other, zero, rig.clock.now))
    expect(result).toMatchObject({ ok: false, error: { code: 'arm/calibration-mismatch' } })
  })
})

describe('policy', () => {
  it('is started once, observed every tick, stopped on take-over; the leader is capped, mirrors, and is let go', async () => {
    const rig = await new LoopRig().engaged()
    const source = new TestSource()
    rig.loop.setPolicy({ name: 'demo', source })
    await rig.ticker.beat()
    void rig.loop.command('giveToPolicy')
    await rig.until('policy')
    await rig.ticker.beats(10)
    expect(rig.leaderPort.wire.slice(0, 2)).toEqual([
      { kind: 'torqueLimit', fraction: 0.6 },
      { kind: 'torqueOn' },
    ])
    expect(rig.last?.leaderSent).not.toBeNull()
    expect(rig.loop.meter.takeOver).toBeNull()
    void rig.loop.command('takeOver')
    await rig.ticker.beats(1)
    expect(rig.last?.source).not.toBe('policy')
    expect(rig.loop.meter.takeOver?.ticks).toBe(1)
    await rig.ticker.beats(2)
    expect(rig.last?.mode).toBe('teleop')
    expect(rig.leaderPort.isTorqueOn).toBe(false)
    expect(rig.leaderPort.wire.slice(-2)).toEqual([
      { kind: 'torqueOff' },
      { kind: 'torqueLimit', fraction: 1 },
    ])
    expect(source.calls).toEqual(['observe', 'start', 'observe', 'stop', 'observe'])
    expect(rig.monitor.violations).toEqual([])
  })

  it('that throws ends in a hold, like one that fails', async () => {
    const rig = await new LoopRig().engaged()
    const source = new TestSource()
    rig.loop.setPolicy({ name: 'demo', source })
    void rig.loop.command('giveToPolicy')
    await rig.until('policy')
    source.pose = () => {
      throw new Error('bug')
    }
    await rig.until('holding', 1)
    expect(rig.core.view().causes[0]?.code).toBe('contract/internal')
  })

  it('taken from its seat while it drives ends in a hold', async () => {
    const rig = await new LoopRig().engaged()
    const source = new TestSource()
    rig.loop.setPolicy({ name: 'demo', source })
    void rig.loop.command('giveToPolicy')
    await rig.until('policy')
    rig.loop.setPolicy(null)
    expect(source.calls.at(-1)).toBe('stop')
    await rig.until('holding', 1)
    expect(rig.core.view().causes[0]?.code).toBe('control/no-policy')
  })
})

describe('the end', () => {
  it('answers what was asked and beats no more', async () => {
    const rig = new LoopRig()
    const waiting = rig.loop.command('engage')
    rig.loop[Symbol.dispose]()
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'control/not-connected' } })
    expect(await rig.loop.command('stop')).toMatchObject({ ok: false })
    expect(rig.ticker.isDisposed).toBe(true)
  })
})
