/** The simulated buses from outside the process boundary: a socket, a serial port, and the command line that makes them. */
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SerialPort } from 'serialport'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCalibration } from '#core/arm/calibration.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { FeetechDecoder, type FeetechPacket } from '#core/bus/feetech-decoder.ts'
import { encodePing, encodeSyncRead, encodeWrite } from '#core/bus/feetech-packet.ts'
import { type Fault, unwrap } from '#core/result.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { loadPtyAddon } from '#host/sim/link/pty-addon.ts'
import { PtyLink } from '#host/sim/link/pty-link.ts'
import { SocketLink } from '#host/sim/link/socket-link.ts'
import { type OpenLink, SimBench } from '#host/sim/sim-bench.ts'
import { simCommand } from '#cli/commands/sim.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const addon = loadPtyAddon(join(root, 'native', 'pty'))
const ids = [1, 2, 3, 4, 5, 6]
let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foresight-test-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const startBench = async (openLink: OpenLink): Promise<SimBench> =>
  unwrap(await SimBench.start({ clock: machineClockUs, openLink, seed: 1 }))

/** Sends a request and gives the packets that come back, once there are `count`. */
async function ask(port: Asked, request: Uint8Array, count: number): Promise<FeetechPacket[]> {
  const decoder = new FeetechDecoder()
  const packets: FeetechPacket[] = []
  const all = new Promise<void>((resolve) => {
    port.on('data', (bytes) => {
      packets.push(...decoder.push(bytes))
      if (packets.length >= count) resolve()
    })
  })
  port.write(request)
  await all
  port.removeAllListeners('data')
  return packets
}

interface Asked {
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  removeAllListeners(event: 'data'): unknown
  write(bytes: Uint8Array): unknown
}

async function openSocket(path: string): Promise<Socket> {
  const socket = connect(path)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

const closed = async (socket: Socket): Promise<void> =>
  await new Promise((resolve) => {
    socket.once('close', () => resolve())
    socket.on('error', () => undefined)
    socket.resume()
  })

describe('a bus on a socket', () => {
  const openLink: OpenLink = async (arm, events) => await SocketLink.open(join(dir, arm), events)

  it('answers a full state read of six servos, and not before its 1.4 ms on the wire', async () => {
    await using _bench = await startBench(openLink)
    const socket = await openSocket(join(dir, 'follower'))
    for (let round = 0; round < 20; round += 1) {
      const sentUs = machineClockUs()
      const packets = await ask(socket, encodeSyncRead(ids, 56, 15), 6)
      expect(machineClockUs() - sentUs).toBeGreaterThanOrEqual(1400)
      expect(packets.map((packet) => packet.id)).toEqual(ids)
    }
    socket.destroy()
  })

  it('serves one program at a time, and the next when that one is gone', async () => {
    await using bench = await startBench(openLink)
    const first = await openSocket(join(dir, 'leader'))
    expect(await ask(first, encodePing(1), 1)).toHaveLength(1)
    await closed(await openSocket(join(dir, 'leader')))
    expect(bench.lines.leader.link.isOpen).toBe(true)
    first.destroy()
    await closed(first)
    let second = await openSocket(join(dir, 'leader'))
    // The server may hear of the first one's end a moment later than the client itself.
    while (bench.lines.leader.link.isOpen && second.destroyed) second = await openSocket(join(dir, 'leader'))
    expect(await ask(second, encodePing(2), 1)).toHaveLength(1)
    second.destroy()
  })

  it('vanishes when unplugged and is back when plugged in, servos as they were', async () => {
    await using bench = await startBench(openLink)
    const socket = await openSocket(join(dir, 'follower'))
    await ask(socket, encodeWrite(3, 40, [1]), 1)
    const gone = closed(socket)
    await bench.faults.set({ bus: 'follower', kind: 'unplug' })
    await gone
    await expect(openSocket(join(dir, 'follower'))).rejects.toThrow()
    await bench.faults.clear({ bus: 'follower', kind: 'unplug' })
    const again = await openSocket(join(dir, 'follower'))
    expect(await ask(again, encodePing(3), 1)).toHaveLength(1)
    expect(bench.world.arms.follower.servos[2]?.isTorqueOn).toBe(true)
    again.destroy()
  })
})

describe.skipIf(!addon.ok)('a bus as a serial port (needs native/pty)', () => {
  const openLink: OpenLink = async (arm, events) =>
    addon.ok ? await PtyLink.open(addon.value, join(dir, arm), events) : addon

  async function openPort(path: string, baudRate: number): Promise<SerialPort> {
    const port = new SerialPort({ path, baudRate, autoOpen: false, lock: true })
    await new Promise<void>((resolve, reject) =>
      port.open((error) => (error === null ? resolve() : reject(error))),
    )
    return port
  }
  const closePort = async (port: SerialPort): Promise<void> =>
    await new Promise((resolve) => port.close(() => resolve()))
  const drained = async (port: SerialPort): Promise<void> =>
    await new Promise((resolve) => port.drain(() => resolve()))

  it('answers programs that open and close it one after the other', async () => {
    await using _bench = await startBench(openLink)
    for (const id of [1, 6, 3]) {
      const port = await openPort(join(dir, 'follower'), 1_000_000)
      const packets = await ask(port, encodeSyncRead(ids, 56, 15), 6)
      expect(packets.map((packet) => packet.id)).toEqual(ids)
      expect(await ask(port, encodePing(id), 1)).toMatchObject([{ id, code: 0 }])
      await drained(port)
      await closePort(port)
    }
  })

  it('is silent at a speed that the servos do not speak, and answers at theirs', async () => {
    await using bench = await startBench(openLink)
    const path = join(dir, 'leader')
    const { link } = bench.lines.leader
    const wrong = await openPort(path, 115_200)
    // Opening is noticed by looking now and then; who closes before that would leave its bytes to the next program.
    while (!link.isOpen) await new Promise((resolve) => setImmediate(resolve))
    let heard = 0
    wrong.on('data', (bytes: Uint8Array) => (heard += bytes.length))
    wrong.write(encodePing(1))
    await drained(wrong)
    await closePort(wrong)
    // A terminal does not say at which speed a byte was sent, so bytes must be read before the next program opens it.
    while (link.isOpen) await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toBe(0)

    const port = await openPort(path, 1_000_000)
    expect(await ask(port, encodeWrite(1, 6, [4]), 1)).toMatchObject([{ id: 1 }])
    expect(bench.world.arms.leader.servos[0]?.baud).toBe(115_200)
    await closePort(port)
    while (link.isOpen) await new Promise((resolve) => setImmediate(resolve))
    const slow = await openPort(path, 115_200)
    expect(await ask(slow, encodePing(1), 1)).toMatchObject([{ id: 1 }])
    await closePort(slow)
  })

  it('leaves its name to a simulator that took it over', async () => {
    const first = await startBench(openLink)
    await using second = await startBench(openLink)
    await first[Symbol.asyncDispose]()
    expect(existsSync(join(dir, 'leader'))).toBe(true)
    const port = await openPort(second.lines.leader.link.address, 1_000_000)
    expect(await ask(port, encodePing(4), 1)).toMatchObject([{ id: 4 }])
    await closePort(port)
  })

  it('goes away when unplugged: the port closes and its name is gone', async () => {
    await using bench = await startBench(openLink)
    const port = await openPort(join(dir, 'follower'), 1_000_000)
    await ask(port, encodePing(1), 1)
    const gone = new Promise<void>((resolve) => port.once('close', () => resolve()))
    port.on('error', () => void closePort(port))
    await bench.faults.set({ bus: 'follower', kind: 'unplug' })
    port.write(encodePing(1))
    await gone
    expect(existsSync(join(dir, 'follower'))).toBe(false)
    await bench.faults.clear({ bus: 'follower', kind: 'unplug' })
    const again = await openPort(join(dir, 'follower'), 1_000_000)
    expect(await ask(again, encodePing(5), 1)).toMatchObject([{ id: 5 }])
    await closePort(again)
  })
})

describe('foresight sim', () => {
  function io(answers: unknown[], faults: Fault[], misuses: string[], signal: AbortSignal) {
    return {
      isJson: true,
      answer: (value: unknown) => void answers.push(value),
      note: () => undefined,
      fail: (fault: Fault) => (faults.push(fault), 1),
      misuse: (message: string) => (misuses.push(message), 2),
      signal,
      rootDir: root,
      resourcesDir: join(root, 'resources'),
      dataDir: dir,
    }
  }

  it.skipIf(!addon.ok)('makes the links, writes calibrations, and cleans up when it is stopped', async () => {
    const stop = new AbortController()
    const answers: unknown[] = []
    symlinkSync('/dev/null', join(dir, 'leader'))
    const running = simCommand.run(['--pty', dir, '--calibration', join(dir, 'calibration')], {
      ...io(answers, [], [], stop.signal),
      answer: (value: unknown) => {
        answers.push(value)
        if (answers.length === 1) {
          expect(lstatSync(join(dir, 'follower')).isSymbolicLink()).toBe(true)
          stop.abort()
        }
      },
    })
    expect(await running).toBe(0)
    expect(answers).toMatchObject([
      { event: 'ready', leader: join(dir, 'leader'), follower: join(dir, 'follower') },
      { event: 'ended' },
    ])
    expect(existsSync(join(dir, 'leader'))).toBe(false)
    const text = readFileSync(join(dir, 'calibration', 'follower.json'), 'utf8')
    expect(parseCalibration(text, so101Follower).ok).toBe(true)
  })

  it('says why there is no serial port when the addon is missing', async () => {
    const faults: Fault[] = []
    const code = await simCommand.run(['--pty', dir], {
      ...io([], faults, [], new AbortController().signal),
      rootDir: dir,
    })
    expect(code).toBe(1)
    expect(faults).toMatchObject([{ code: 'sim/pty-unavailable' }])
  })

  it('refuses arguments it does not understand', async () => {
    const misuses: string[] = []
    const env = io([], [], misuses, new AbortController().signal)
    expect(await simCommand.run(['--seconds', 'soon'], env)).toBe(2)
    expect(await simCommand.run(['--seed', '1.5'], env)).toBe(2)
    expect(await simCommand.run(['--operator', 'purple'], env)).toBe(2)
    expect(await simCommand.run(['--warp'], env)).toBe(2)
    expect(misuses).toHaveLength(4)
  })
})
