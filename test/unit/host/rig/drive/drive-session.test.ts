import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '#core/result.ts'
import { driveState, type DriveState } from '#contract/services/drive.ts'
import { DriveSession, type DriveSessionParts } from '#host/rig/drive/drive-session.ts'
import { HoldFile } from '#host/rig/drive/hold-file.ts'
import { Lease } from '#host/rig/drive/lease.ts'
import { FakeArmPort } from '#test/fakes/fake-arm-port.ts'
import { FakeClock, FakeTicker, settle } from '#test/fakes/fake-clock.ts'
import { periodUs, testProfile, zero } from '../../../core/control/core-rig.ts'

const outer = { lease: { holder: null, label: null }, policy: null }
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foresight-drive-'))
})
afterEach(async () => {
  for (const file of holdFiles.splice(0)) await file.settled()
  await rm(folder, { recursive: true, force: true })
})

const holdFiles: HoldFile[] = []
const makeHoldFile = (): HoldFile => {
  const file = new HoldFile(folder)
  holdFiles.push(file)
  return file
}

const note = async (): Promise<unknown> => {
  const text = await readFile(join(folder, 'hold-since.json'), 'utf8').catch(() => null)
  return text === null ? null : JSON.parse(text)
}

class SessionRig {
  readonly clock = new FakeClock()
  readonly ticker = new FakeTicker(this.clock, periodUs)
  readonly follower = new FakeArmPort(testProfile, zero, this.clock.now)
  readonly leader = new FakeArmPort(testProfile, zero, this.clock.now)
  readonly holdFile = makeHoldFile()
  readonly session: DriveSession

  constructor(changes: Partial<DriveSessionParts> = {}) {
    this.session = new DriveSession({
      follower: this.follower,
      leader: this.leader,
      isReal: false,
      heldJoints: [],
      clock: this.clock.now,
      callAt: () => ({ [Symbol.dispose]: () => undefined }),
      timeOfDay: () => '2026-11-25T10:00:00.000Z',
      ticker: this.ticker,
      holdFile: this.holdFile,
      holdNote: null,
      lease: null,
      ...changes,
    })
  }

  get state(): DriveState {
    return driveState.parse(this.session.state(outer))
  }

  /** Beats until a promise of the session has settled. */
  async during<T>(promise: Promise<T>): Promise<T> {
    let isDone = false
    void promise.finally(() => (isDone = true))
    await settle()
    for (let left = 4000; left > 0 && !isDone; left--) {
      await this.ticker.beat()
      // Files are written meanwhile.
      if (left % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    if (!isDone) throw new Error(`still waiting in ${this.session.mode}`)
    return promise
  }

  async until(mode: DriveState['mode']): Promise<void> {
    for (let left = 4000; left > 0 && this.session.mode !== mode; left--) await this.ticker.beat()
    expect(this.session.mode).toBe(mode)
  }

  async engaged(): Promise<this> {
    await this.ticker.beat()
    expect(await this.during(this.session.engage({ keepClearAcknowledged: true }))).toEqual(ok(undefined))
    await this.until('teleop')
    return this
  }
}

describe('drive state', () => {
  it('is what the contract says in every mode, with a reason for every command that must wait', async () => {
    const rig = new SessionRig()
    expect(rig.state.commands.engage?.code).toBe('control/not-connected')
    await rig.ticker.beat()
    expect(rig.state).toMatchObject({ mode: 'idle', source: 'hold', cause: null, loop: null })
    expect(rig.state.commands).toMatchObject({
      engage: null,
      stop: null,
      eStop: null,
      hold: { code: 'control/not-allowed' },
    })
    await rig.engaged()
    await rig.ticker.beats(300)
    expect(rig.state).toMatchObject({ mode: 'teleop', source: 'human', loop: { targetHz: 200, overruns: 0 } })
    expect(rig.state.follower).toMatchObject({
      torque: 'on',
      servos: [{ joint: 'shoulder_pan', temperatureC: 30 }, {}, {}, {}, {}, {}],
    })
    expect(rig.state.gaps?.every((gap) => gap.isWithin)).toBe(true)
    expect(rig.state.lagMs).not.toBeNull()
    expect(rig.state.commands.giveToPolicy?.code).toBe('control/no-policy')
    expect(rig.state.monitorViolations).toBe(0)
  })

  it('names arm, joint, figures and since when', async () => {
    const rig = await new SessionRig().engaged()
    rig.follower.changes.set(2, { temperatureC: 57 })
    await rig.ticker.beats(2)
    const first = rig.state.warnings[0]
    expect(first).toMatchObject({
      code: 'control/servo-hot',
      arm: 'follower',
      joint: 'elbow_flex',
      data: { value: 57 },
    })
    await rig.ticker.beats(20)
    expect(rig.state.warnings[0]?.sinceUs).toBe(first?.sinceUs)
    rig.follower.silent.add(1)
    await rig.ticker.beats(20)
    expect(rig.state.cause).toMatchObject({ code: 'control/servo-silent', joint: 'shoulder_lift' })
  })
})

describe('engaging a real arm', () => {
  it('asks once per session that people keep clear, before the first torque', async () => {
    const rig = new SessionRig({ isReal: true })
    await rig.ticker.beat()
    expect(rig.state.needsKeepClear).toBe(true)
    expect(await rig.session.engage({ keepClearAcknowledged: false })).toMatchObject({
      error: { code: 'control/keep-clear' },
    })
    expect(await rig.session.resume()).toMatchObject({ error: { code: 'control/keep-clear' } })
    expect(rig.follower.wire).toEqual([])
    expect(await rig.during(rig.session.engage({ keepClearAcknowledged: true }))).toEqual(ok(undefined))
    expect(rig.state.needsKeepClear).toBe(false)
    await rig.during(rig.session.eStop())
    expect(await rig.during(rig.session.recover())).toEqual(ok(undefined))
    expect(await rig.during(rig.session.engage({ keepClearAcknowledged: false }))).toEqual(ok(undefined))
  })
})

describe('ending', () => {
  it('a session parks where the arm lay, then lets go; the note on disk goes with the torque', async () => {
    const rig = await new SessionRig().engaged()
    await rig.ticker.beats(300, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.002))
    await rig.holdFile.settled()
    expect(await note()).toEqual({ since: '2026-11-25T10:00:00.000Z', why: 'powered' })
    expect(await rig.during(rig.session.endSession())).toEqual(ok(undefined))
    expect(rig.follower.pose[0]).toBeCloseTo(0, 2)
    await rig.ticker.beats(2)
    expect(rig.session.mode).toBe('idle')
    expect(rig.session.isPowered).toBe(false)
    expect(rig.follower.isTorqueOn).toBe(false)
    await rig.holdFile.settled()
    expect(await note()).toBeNull()
  })

  it('a stop on the way to the parking place ends it there: the arm holds', async () => {
    const rig = await new SessionRig().engaged()
    await rig.ticker.beats(300, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.002))
    const ending = rig.session.endSession()
    await rig.until('matching')
    await rig.ticker.beats(20)
    await rig.during(rig.session.stop())
    expect(await rig.during(ending)).toMatchObject({
      ok: false,
      error: { data: { cause: 'control/stop-asked' } },
    })
    expect(rig.follower.isTorqueOn).toBe(true)
    expect(rig.session.mode).toBe('holding')
  })

  it('main lost: slow, hold, a note with the time, torque stays on, and the loop ends', async () => {
    const rig = await new SessionRig().engaged()
    await rig.ticker.beats(100, () => (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + 0.01))
    const goals = rig.follower.goals.length
    await rig.during(rig.session.leaveHolding('main-lost'))
    expect(rig.follower.goals.length).toBeGreaterThan(goals + 10)
    const [before, last] = rig.follower.goals.slice(-2)
    expect(Math.abs((last?.[0] ?? 9) - (before?.[0] ?? 0))).toBeLessThan(3e-4)
    expect(rig.follower.isTorqueOn).toBe(true)
    expect(rig.ticker.isDisposed).toBe(true)
    expect(await note()).toEqual({ since: '2026-11-25T10:00:00.000Z', why: 'main-lost' })
  })

  it('leaving does not wait for ever for a loop that stands still', async () => {
    const rig = new SessionRig({ patience: () => Promise.resolve() })
    await rig.engaged()
    await rig.session.leaveHolding('quit')
    expect(rig.ticker.isDisposed).toBe(true)
  })

  it('an idle session leaves no note', async () => {
    const rig = new SessionRig()
    await rig.ticker.beat()
    await rig.session.leaveHolding('quit')
    expect(await note()).toBeNull()
  })
})

describe('after a crash', () => {
  it('an arm found powered is shown as held since then, until the first act', async () => {
    const rig = new SessionRig({
      heldJoints: ['shoulder_pan'],
      holdNote: { since: '2026-11-24T08:00:00.000Z', why: 'powered' },
    })
    await rig.ticker.beats(20)
    expect(rig.state).toMatchObject({
      mode: 'holding',
      heldSince: '2026-11-24T08:00:00.000Z',
      cause: { code: 'control/held-since' },
    })
    expect(rig.follower.wire).toEqual([])
    await rig.during(rig.session.stop())
    expect(rig.state.heldSince).not.toBeNull()
    await rig.engaged()
    expect(rig.state.heldSince).toBeNull()
  })

  it('a note about an arm that is not powered any more is removed', async () => {
    await writeFile(join(folder, 'hold-since.json'), '{"since":"2026-11-24T08:00:00.000Z","why":"powered"}')
    const holdNote = await new HoldFile(folder).read()
    const rig = new SessionRig({ holdNote })
    await rig.ticker.beat()
    await rig.holdFile.settled()
    expect(rig.state.heldSince).toBeNull()
    expect(await note()).toBeNull()
  })

  it('a note that cannot be understood counts as none', async () => {
    await writeFile(join(folder, 'hold-since.json'), '{"since":')
    expect(await new HoldFile(folder).read()).toBeNull()
  })
})

describe('the lease', () => {
  it('kept by heartbeats lets the page drive, and its loss stops the arm', async () => {
    const clock = new FakeClock()
    let isDriving = false
    const lease = new Lease(clock.now, () => isDriving)
    const ticker = new FakeTicker(clock, periodUs)
    const port = () => new FakeArmPort(testProfile, zero, clock.now)
    const rig = new SessionRig({
      clock: clock.now,
      ticker,
      follower: port(),
      leader: port(),
      lease: (nowUs) => lease.view(nowUs),
    })
    lease.claim('page', 'bench', false)
    const beat = async (count: number) => {
      for (let left = count; left > 0; left--) {
        lease.heartbeat('page', { hasFocus: true, hasOtherStop: false })
        await ticker.beat()
        ;({ isDriving } = rig.session)
      }
    }
    await beat(1)
    void rig.session.engage({ keepClearAcknowledged: true })
    await beat(10)
    expect(rig.session.mode).toBe('teleop')
    lease.release('page')
    await beat(3)
    expect(rig.session.mode).toBe('holding')
    expect(rig.state.cause?.code).toBe('control/page-silent')
  })
})
