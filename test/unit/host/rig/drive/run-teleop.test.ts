import { describe, expect, it } from 'vitest'
import { driveTeleop } from '#host/rig/drive/run-teleop.ts'
import { percentiles } from '#host/rig/drive/teleop-report.ts'
import { unwrap } from '#core/result.ts'
import { FakeArmPort } from '#test/fakes/fake-arm-port.ts'
import { FakeClock, FakeTicker, settle } from '#test/fakes/fake-clock.ts'
import { periodUs, testProfile, zero } from '../../../core/control/core-rig.ts'

class TeleopRig {
  readonly clock = new FakeClock()
  readonly ticker = new FakeTicker(this.clock, periodUs)
  readonly follower = new FakeArmPort(testProfile, zero, this.clock.now)
  readonly leader = new FakeArmPort(testProfile, zero, this.clock.now)
  readonly notes: string[] = []
  readonly abort = new AbortController()

  async run(release: boolean, each: (tick: number) => void = () => undefined) {
    let isDone = false
    const running = driveTeleop(
      {
        follower: this.follower,
        leader: this.leader,
        isReal: true,
        heldJoints: [],
        clock: this.clock.now,
        callAt: () => ({ [Symbol.dispose]: () => undefined }),
        timeOfDay: () => '2026-11-25T10:00:00.000Z',
        ticker: this.ticker,
        holdFile: null,
        holdNote: null,
        lease: null,
      },
      { seconds: 1, release, signal: this.abort.signal, note: (line) => this.notes.push(line) },
    ).finally(() => (isDone = true))
    for (let tick = 0; tick < 20_000 && !isDone; tick++) {
      each(tick)
      await this.ticker.beat({ lateUs: tick % 3 === 0 ? 200 : 100 })
    }
    await settle()
    return running
  }
}

describe('teleoperation on two ports', () => {
  it('says to keep clear, engages, drives for the time asked, holds with torque on, and reports', async () => {
    const rig = new TeleopRig()
    const report = unwrap(await rig.run(false, (tick) => (rig.leader.pose[0] = 0.2 * Math.sin(tick / 100))))
    expect(rig.notes[0]).toMatch(/Keep clear/u)
    expect(report).toMatchObject({
      targetHz: 200,
      ticks: 201,
      overruns: 0,
      limitEvents: 0,
      monitorViolations: 0,
      stoppedBy: null,
      torque: 'on',
    })
    expect(report.achievedHz).toBeCloseTo(200, 0)
    expect(report.latenessUs).toEqual({ p50: 100, p99: 200, p999: 200, max: 200 })
    expect(report.leaderToGoalUs?.p50).toBe(0)
    expect(rig.follower.isTorqueOn).toBe(true)
    expect(rig.ticker.isDisposed).toBe(true)
  })

  it('parks and lets go when release is asked', async () => {
    const rig = new TeleopRig()
    const report = unwrap(await rig.run(true, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.001)))
    expect(report.torque).toBe('off')
    expect(rig.follower.isTorqueOn).toBe(false)
    expect(rig.follower.pose[0]).toBeCloseTo(0, 2)
  })

  it('ended by a reaction, says which', async () => {
    const rig = new TeleopRig()
    const report = unwrap(
      await rig.run(false, (tick) => {
        if (tick === 100) rig.leader.silent = new Set([0, 1, 2, 3, 4, 5])
      }),
    )
    expect(report.stoppedBy).toMatchObject({ code: 'control/leader-lost', arm: 'leader' })
    expect(report.seconds).toBeLessThan(1)
  })

  it('ended by the person, holds and reports without a reproach', async () => {
    const rig = new TeleopRig()
    const report = unwrap(
      await rig.run(false, (tick) => {
        if (tick === 100) rig.abort.abort()
      }),
    )
    expect(report.stoppedBy).toBeNull()
    expect(report.torque).toBe('on')
  })

  it('a leader that is never brought near ends the attempt', async () => {
    const rig = new TeleopRig()
    let away = 1.5
    const report = unwrap(
      await rig.run(false, (tick) => (rig.leader.pose[0] = tick % 400 < 200 ? (away = -1.5) : (away = 1.5))),
    )
    expect(Math.abs(away)).toBe(1.5)
    expect(report).toMatchObject({
      ticks: 0,
      achievedHz: null,
      periodUs: null,
      stoppedBy: { code: 'control/misaligned' },
    })
  })

  it('an attempt that a reaction interrupts while torque comes on ends at once, and says why', async () => {
    const rig = new TeleopRig()
    rig.follower.isTorqueHeld = true
    let lastTick = 0
    const report = unwrap(
      await rig.run(false, (tick) => {
        lastTick = tick
        if (tick === 10) rig.follower.silent = new Set([2])
        if (tick === 40) rig.follower.silent.clear()
        if (tick === 50) rig.follower.release()
      }),
    )
    expect(report).toMatchObject({ ticks: 0, stoppedBy: { code: 'control/servo-silent' } })
    expect(lastTick).toBeLessThan(200)
  })

  it('waits for answers that are late at first', async () => {
    const rig = new TeleopRig()
    rig.follower.changes.set(0, { isStale: true, readUs: 0 })
    const report = unwrap(await rig.run(false, (tick) => void (tick === 20 && rig.follower.changes.clear())))
    expect(report.stoppedBy).toBeNull()
  })

  it('that cannot engage fails with the reason', async () => {
    const rig = new TeleopRig()
    rig.follower.pose[1] = 2.5
    expect(await rig.run(false)).toMatchObject({ ok: false, error: { code: 'control/pose-out-of-range' } })
  })
})

describe('percentiles', () => {
  it('are samples, never interpolated, and absent without any', () => {
    expect(percentiles([])).toBeNull()
    expect(percentiles([3, 1, 2])).toEqual({ p50: 2, p99: 3, p999: 3, max: 3 })
  })
})
