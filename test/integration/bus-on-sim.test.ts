/** The bus owner and the arm against the simulated SO-101, over its real socket, with its faults. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import { reachable } from '#core/control/matching.ts'
import type { ArmReading } from '#core/arm/arm-reading.ts'
import type { Fault } from '#core/result.ts'
import type { FeetechArm } from '#host/rig/bus/feetech-arm.ts'
import { openArm, writeArmCalibration } from '#host/rig/bus/open-arm.ts'
import { openSocketChannel } from '#host/rig/bus/socket-channel.ts'
import { processBusClock } from '#host/rig/bus/bus-clock.ts'
import { scanChannel } from '#host/rig/devices/scan.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { SimBench } from '#host/sim/sim-bench.ts'
import { SocketLink } from '#host/sim/link/socket-link.ts'

/** Generous: physics and bus share this process, and the machine is busy. */
const patienceUs = 200_000

describe('an arm on the simulator', () => {
  let folder = ''
  let bench: SimBench
  const open: FeetechArm[] = []
  const port = (role: 'follower' | 'leader') => ({
    kind: 'socket' as const,
    path: join(folder, `${role}.sock`),
  })

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foresight-bus-'))
    const started = await SimBench.start({
      clock: machineClockUs,
      seed: 1,
      openLink: (arm, events) => SocketLink.open(join(folder, `${arm}.sock`), events),
    })
    if (!started.ok) throw new Error(started.error.message)
    bench = started.value
  })
  afterEach(async () => {
    for (const arm of open.splice(0)) await arm[Symbol.asyncDispose]()
    await bench[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const openFollower = async (): Promise<FeetechArm> => {
    const arm = await openArm({
      port: port('follower'),
      profile: so101Follower,
      calibration: null,
      role: 'follower',
    })
    if (!arm.ok) throw new Error(`${arm.error.code}: ${arm.error.message}`)
    open.push(arm.value)
    return arm.value
  }
  const read = async (arm: FeetechArm): Promise<ArmReading> => {
    const reading = await arm.read(machineClockUs() + patienceUs)
    if (!reading.ok) throw new Error(reading.error.message)
    return reading.value
  }
  const positions = (reading: ArmReading): readonly number[] => reading.joints.map((joint) => joint.position)
  /** Reads until `isDone`, at most so often. */
  const readUntil = async (
    arm: FeetechArm,
    isDone: (reading: ArmReading) => boolean,
  ): Promise<ArmReading> => {
    for (let i = 0; i < 3000; i += 1) {
      const reading = await read(arm)
      if (isDone(reading)) return reading
    }
    throw new Error('it never came to that')
  }

  it('is opened, powered without a jerk, moved to a goal and released', async () => {
    const arm = await openFollower()
    const before = positions(await read(arm))
    expect(arm.writeGoals(before).ok).toBe(false)
    expect(await arm.torqueOn()).toEqual({ ok: true, value: undefined })
    for (const [j, position] of positions(await read(arm)).entries())
      expect(Math.abs(position - (before[j] ?? NaN))).toBeLessThan(0.03)
    // An arm without torque may lie a tick outside its range.
    const goal = reachable(arm.profile, before).map((position, j) => (j === 0 ? position + 0.3 : position))
    expect(arm.writeGoals(goal)).toEqual({ ok: true, value: undefined })
    await readUntil(arm, (reading) => Math.abs((positions(reading)[0] ?? NaN) - (goal[0] ?? NaN)) < 0.03)
    expect((await arm.torqueOff()).ok).toBe(true)
    expect(arm.writeGoals(goal)).toMatchObject({ error: { code: 'control/not-allowed' } })
  })

  it('is configured once: the second opening writes nothing', async () => {
    const arm = await openFollower()
    expect(arm.report.written.length).toBeGreaterThan(0)
    await arm[Symbol.asyncDispose]()
    expect((await openFollower()).report.written).toEqual([])
  })

  it('goes on holding when its program closes the port, and is found holding', async () => {
    const arm = await openFollower()
    await arm.torqueOn()
    await arm[Symbol.asyncDispose]()
    const again = await openFollower()
    expect(again.report.heldJoints).toHaveLength(6)
    expect(again.writeGoals(positions(await read(again))).ok).toBe(false)
  })

  it('has a leader beside it that can be read at the same time', async () => {
    const follower = await openFollower()
    const leader = await openArm({
      port: port('leader'),
      profile: so101Leader,
      calibration: null,
      role: 'leader',
    })
    if (!leader.ok) throw new Error(leader.error.message)
    open.push(leader.value)
    const readings = await Promise.all([read(follower), read(leader.value)])
    for (const reading of readings) expect(reading.joints.every((joint) => !joint.isStale)).toBe(true)
  })

  it('is turned away when another program has the bus', async () => {
    await openFollower()
    expect(
      await openArm({ port: port('follower'), profile: so101Follower, calibration: null, role: 'follower' }),
    ).toMatchObject({ error: { code: 'bus/port-busy' } })
  })

  it('is missing when no simulator listens', async () => {
    const nowhere = { kind: 'socket' as const, path: join(folder, 'nobody.sock') }
    expect(
      await openArm({ port: nowhere, profile: so101Follower, calibration: null, role: 'follower' }),
    ).toMatchObject({ error: { code: 'bus/port-missing' } })
  })

  it('refuses a calibration its servos do not have, and takes it once it was written into them', async () => {
    const arm = await openFollower()
    const entry = arm.calibration['elbow_flex']
    if (entry === undefined) throw new Error('no elbow_flex')
    const calibration = { ...arm.calibration, elbow_flex: { ...entry, rangeMax: entry.rangeMax - 10 } }
    await arm[Symbol.asyncDispose]()
    const options = { port: port('follower'), profile: so101Follower, calibration }
    expect(await openArm({ ...options, role: 'follower' })).toMatchObject({
      error: { code: 'arm/calibration-mismatch', data: { joints: [{ joint: 'elbow_flex' }] } },
    })
    expect(await writeArmCalibration(options)).toEqual({ ok: true, value: undefined })
    const opened = await openArm({ ...options, role: 'follower' })
    expect(opened.ok).toBe(true)
    if (opened.ok) open.push(opened.value)
  })

  it('is scanned like a real port', async () => {
    const channel = await openSocketChannel(port('follower').path, machineClockUs)
    if (!channel.ok) throw new Error(channel.error.message)
    const report = await scanChannel(channel.value, processBusClock(), { bauds: [1_000_000], ids: [] })
    expect(report.ok && report.value.servos.map(({ id, model }) => [id, model])).toEqual(
      [1, 2, 3, 4, 5, 6].map((id) => [id, 'sts3215']),
    )
  })

  describe('on a bad day', () => {
    it.each([
      ['drop', 'timeouts'],
      ['corrupt', 'corrupt'],
    ] as const)('asks again on a line that %ss packets, and counts them', async (kind, counter) => {
      const arm = await openFollower()
      await bench.faults.set({ bus: 'follower', kind, amount: 0.2 })
      let fresh = 0
      for (let i = 0; i < 25; i += 1) {
        const reading = await arm.read(machineClockUs() + 20_000)
        if (!reading.ok) throw new Error(reading.error.message)
        fresh += reading.value.joints.filter((joint) => !joint.isStale).length
      }
      // Without asking again a fifth of the requests and a fifth of the answers would be missing.
      expect(fresh).toBeGreaterThan(0.8 * 25 * 6)
      expect(arm.stats(machineClockUs())[counter]).toBeGreaterThan(0)
      await bench.faults.clearAll()
      await readUntil(arm, (reading) => reading.joints.every((joint) => !joint.isStale))
    })

    it('has every joint confirm that torque is off through such a line', async () => {
      const arm = await openFollower()
      await bench.faults.set({ bus: 'follower', kind: 'drop', amount: 0.1 })
      expect(await arm.torqueOff()).toEqual({ ok: true, value: undefined })
    })

    it('shows a servo that falls silent, and the others still fresh', async () => {
      const arm = await openFollower()
      await bench.faults.set({ bus: 'follower', kind: 'silent', joint: 'elbow_flex' })
      for (let i = 0; i < 5; i += 1) await arm.read(machineClockUs() + 15_000)
      const reading = await arm.read(machineClockUs() + 15_000)
      expect(reading.ok && reading.value.joints[2]?.isStale).toBe(true)
      const { silentUs, lostFraction } = arm.stats(machineClockUs())
      expect(silentUs[2]).toBeGreaterThan(50_000)
      expect(lostFraction[2]).toBeGreaterThan(0)
      await arm.torqueOff()
      await bench.faults.clearAll()
      await readUntil(arm, (next) => next.joints.every((joint) => !joint.isStale))
    })

    it('reports a hot motor, a sagging supply and a tripped overload from the same read', async () => {
      const arm = await openFollower()
      await bench.faults.set({ bus: 'follower', kind: 'hot', joint: 'shoulder_lift', amount: 68 })
      await bench.faults.set({ bus: 'follower', kind: 'voltage', amount: 6 })
      await bench.faults.set({ bus: 'follower', kind: 'overload', joint: 'gripper' })
      const reading = await readUntil(
        arm,
        ({ joints }) =>
          (joints[1]?.temperatureC ?? 0) >= 65 &&
          (joints[0]?.voltageV ?? 9) < 6.3 &&
          ((joints[5]?.statusBits ?? 0) & 0x20) !== 0,
      )
      expect(reading.joints[0]?.temperatureC).toBeLessThan(50)
    })

    it('ends when the cable is pulled, tells so once, and can be opened again', async () => {
      const arm = await openFollower()
      await arm.torqueOn()
      const faults: Fault[] = []
      const closed = new Promise<void>((resolve) => {
        arm.onClose((fault) => {
          faults.push(fault)
          resolve()
        })
      })
      await bench.faults.set({ bus: 'follower', kind: 'unplug' })
      await closed
      expect(await arm.read(machineClockUs() + patienceUs)).toMatchObject({ error: { code: 'bus/closed' } })
      expect(arm.writeGoals([0, 0, 0, 0, 0, 0])).toMatchObject({ ok: false })
      expect(await arm.torqueOff()).toMatchObject({ error: { code: 'bus/closed' } })
      expect(faults.map(({ code }) => code)).toEqual(['bus/closed'])
      await bench.faults.clearAll()
      expect((await openFollower()).report.heldJoints).toHaveLength(6)
    })
  })
})
