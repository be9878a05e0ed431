/** The real serial binding on a pseudo-terminal of the simulator: opening, locking, speeds, unplugging. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { so101Follower } from '#core/arm/so101-profile.ts'
import type { Result } from '#core/result.ts'
import type { FeetechArm } from '#host/rig/bus/feetech-arm.ts'
import { openArm } from '#host/rig/bus/open-arm.ts'
import { scanPort } from '#host/rig/devices/scan.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { SimBench } from '#host/sim/sim-bench.ts'
import { loadPtyAddon } from '#host/sim/link/pty-addon.ts'
import { PtyLink } from '#host/sim/link/pty-link.ts'

const addon = loadPtyAddon(join(import.meta.dirname, '../../native/pty'))
const reason = addon.ok ? '' : ` (skipped: ${addon.error.message})`

describe.skipIf(!addon.ok)(`an arm on a serial port${reason}`, () => {
  let folder = ''
  let bench: SimBench
  const open: FeetechArm[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foresight-pty-'))
    const started = await SimBench.start({
      clock: machineClockUs,
      seed: 1,
      openLink: async (arm, events) =>
        addon.ok ? await PtyLink.open(addon.value, join(folder, arm), events) : addon,
    })
    if (!started.ok) throw new Error(started.error.message)
    bench = started.value
  })
  afterEach(async () => {
    for (const arm of open.splice(0)) await arm[Symbol.asyncDispose]()
    await bench[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const openFollower = async (baud = 1_000_000): Promise<Result<FeetechArm>> => {
    const port = { kind: 'serial' as const, path: join(folder, 'follower'), baud }
    const arm = await openArm({ port, profile: so101Follower, calibration: null, role: 'follower' })
    if (arm.ok) open.push(arm.value)
    return arm
  }

  it('is opened, powered, read and sent goals', async () => {
    const arm = await openFollower()
    if (!arm.ok) throw new Error(arm.error.message)
    expect((await arm.value.torqueOn()).ok).toBe(true)
    const reading = await arm.value.read(machineClockUs() + 200_000)
    if (!reading.ok) throw new Error(reading.error.message)
    expect(reading.value.joints.every((joint) => !joint.isStale)).toBe(true)
    const { joints } = arm.value.profile
    const goal = reading.value.joints.map(({ position }, j) =>
      Math.min(Math.max(position, joints[j]?.lower ?? 0), joints[j]?.upper ?? 0),
    )
    expect(arm.value.writeGoals(goal).ok).toBe(true)
    expect((await arm.value.torqueOff()).ok).toBe(true)
  })

  it('belongs to one program: the second is told whose it is, and gets it when the first has closed', async () => {
    const first = await openFollower()
    expect(await openFollower()).toMatchObject({
      error: { code: 'bus/port-busy', data: { pid: process.pid } },
    })
    if (first.ok) await first.value[Symbol.asyncDispose]()
    expect((await openFollower()).ok).toBe(true)
  })

  it('is found silent at a speed its servos do not have, and found by the scan', async () => {
    expect(await openFollower(115_200)).toMatchObject({ error: { code: 'bus/no-reply' } })
    const report = await scanPort(join(folder, 'follower'), { bauds: [500_000, 1_000_000], ids: [1] })
    expect(report.ok && report.value.servos.map(({ id, baud }) => [id, baud])).toContainEqual([1, 1_000_000])
  })

  it('ends when the cable is pulled, and can be opened again once it is back', async () => {
    const arm = await openFollower()
    if (!arm.ok) throw new Error(arm.error.message)
    const closed = new Promise((resolve) => arm.value.onClose(resolve))
    await bench.faults.set({ bus: 'follower', kind: 'unplug' })
    const reading = arm.value.read(machineClockUs() + 50_000)
    expect(await closed).toMatchObject({ code: 'bus/closed' })
    await reading
    expect(await arm.value.read(machineClockUs() + 50_000)).toMatchObject({ error: { code: 'bus/closed' } })
    expect(await openFollower()).toMatchObject({ error: { code: 'bus/port-missing' } })
    await bench.faults.clearAll()
    expect((await openFollower()).ok).toBe(true)
  })
})

describe('a path that is no arm', () => {
  const openAt = (path: string): Promise<Result<FeetechArm>> =>
    openArm({
      port: { kind: 'serial', path, baud: 1_000_000 },
      profile: so101Follower,
      calibration: null,
      role: 'follower',
    })

  it('is missing when there is nothing', async () => {
    expect(await openAt('/dev/foresight-nothing')).toMatchObject({ error: { code: 'bus/port-missing' } })
  })

  it.skipIf(process.platform === 'win32')('is refused when it is no serial port', async () => {
    expect(await openAt('/dev/null')).toMatchObject({ error: { code: 'bus/port-missing' } })
  })
})
