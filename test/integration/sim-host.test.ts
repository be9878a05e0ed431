/** The sim host as the process that main starts: its service, its byte channels and its end. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connect } from '#contract/rpc/connect.ts'
import { createMux, type Mux } from '#contract/rpc/mux.ts'
import { host } from '#contract/services/host.ts'
import { sim, type OperatorState, type SimFault, type WorldPose } from '#contract/services/sim.ts'
import { processTransport } from '#contract/transport/process.ts'
import { encodePing, encodeStatus } from '#core/bus/feetech-packet.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { socketPath } from '#host/shared/host-options.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let dir: string
let child: ChildProcess
let mux: Mux
let ended: Promise<number | null>

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foresight-test-'))
  const options = JSON.stringify({ dataDir: dir, socketDir: dir, resourcesDir: join(root, 'resources') })
  child = fork(join(root, 'src/host/sim/main.ts'), [options], { serialization: 'advanced', silent: true })
  ended = new Promise((resolve) => child.once('exit', resolve))
  mux = createMux(processTransport(child))
})
afterEach(async () => {
  if (child.exitCode === null) child.kill('SIGKILL')
  await ended
  rmSync(dir, { recursive: true, force: true })
})

const next = async <T>(
  subscribe: (onItem: (item: T) => void) => Disposable,
  isIt: (item: T) => boolean,
): Promise<T> =>
  await new Promise((resolve) => {
    const subscription = subscribe((item) => {
      if (!isIt(item)) return
      setImmediate(() => subscription[Symbol.dispose]())
      resolve(item)
    })
  })

it('describes the world, streams poses, and takes faults and hands from a page', async () => {
  const page = connect(mux.open('page-1')).client(sim)
  const world = await page.describe()
  const pose = await next<WorldPose>(
    (onItem) => page.poses({ maxHz: 60 }, onItem),
    (item) => item.simTimeUs > 0,
  )
  expect(pose.pose).toHaveLength(world.bodies.length * 7)
  expect(Math.abs(pose.timeUs - machineClockUs())).toBeLessThan(5e6)
  expect(pose.cubes['red']?.[0]).toBeCloseTo(0.235, 2)

  await page.setFault({ bus: 'follower', kind: 'hot', joint: 'gripper', amount: 66 })
  const faults = await next<SimFault[]>(
    (onItem) => page.faults(null, onItem),
    (list) => list.length === 1,
  )
  expect(faults[0]).toEqual({ bus: 'follower', kind: 'hot', joint: 'gripper', amount: 66 })
  await expect(page.setFault({ bus: 'follower', kind: 'hot', joint: 'knee' })).rejects.toThrow(
    'no joint knee',
  )
  await page.clearFaults()

  await page.dragTo({ position: [0.22, 0.05, 0.15] })
  await next<WorldPose>(
    (onItem) => page.poses({ maxHz: 60 }, onItem),
    (item) => (item.leader[1] ?? -2) > -1.5,
  )
  await page.startOperator({ seed: 3, cube: 'red' })
  const state = await next<OperatorState>(
    (onItem) => page.operator(null, onItem),
    (item) => item.isRunning,
  )
  expect(state).toMatchObject({ cube: 'red', attempts: 0, cubesInBin: [] })
  await page.stopOperator()
  await page.resetScene({ seed: 4 })
})

it('carries servo bytes on a socket per bus, beats for main, and ends when asked', async () => {
  const main = connect(mux.open('main')).client(host)
  expect((await main.beat()).memoryMb).toBeGreaterThan(1)
  const socket = connectSocket(socketPath(dir, 'sim-leader'))
  const reply = new Promise<Buffer>((resolve) => socket.once('data', resolve))
  socket.write(encodePing(5))
  expect(new Uint8Array(await reply)).toEqual(encodeStatus(5, 0))
  socket.destroy()
  await main.shutdown()
  expect(await ended).toBe(0)
})

it('keeps the buses alive after main is gone until nobody uses them', async () => {
  await connect(mux.open('main')).client(host).beat()
  const socket = connectSocket(socketPath(dir, 'sim-follower'))
  const ping = async (): Promise<Uint8Array> => {
    const reply = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write(encodePing(2))
    return new Uint8Array(await reply)
  }
  expect(await ping()).toEqual(encodeStatus(2, 0))
  child.disconnect()
  expect(await ping()).toEqual(encodeStatus(2, 0))
  socket.destroy()
  expect(await ended).toBe(0)
})
