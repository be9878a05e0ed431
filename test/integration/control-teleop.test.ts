/** The loop in real time, on a simulator in a process of its own: what `foresight teleop` runs. How fast it is, is for the bench. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { unwrap, type Result } from '#core/result.ts'
import { runTeleop } from '#host/rig/drive/run-teleop.ts'
import type { TeleopReport } from '#host/rig/drive/teleop-report.ts'
import { createTicker, type TickerBeat } from '#host/rig/loop/ticker.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    await gone
  }
})

interface Ports {
  readonly leader: string
  readonly follower: string
}

async function startSim(): Promise<Ports> {
  const child = spawn(process.execPath, ['bin/foresight.mjs', 'sim', '--json', '--operator', 'red'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  const line = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve))
  return JSON.parse(line) as Ports
}

const silence = [
  'still held',
  'bus/no-reply',
  'arm/torque-failed',
  'control/servo-silent',
  'control/packets-lost',
  'control/leader-lost',
]

/** What kept the arm from being driven to the end and let go, or null. */
function busyCode(driven: Result<TeleopReport>): string | null {
  if (!driven.ok) return driven.error.code
  const { stoppedBy, torque } = driven.value
  return stoppedBy?.code ?? (torque === 'off' ? null : 'still held')
}

describe('ticker', () => {
  it('beats on a grid that never drifts, skips what it misses, and is silent after disposal', async () => {
    const beats: TickerBeat[] = []
    const ticker = createTicker(5000)
    await new Promise<void>((resolve) => {
      ticker.start((beat) => {
        beats.push(beat)
        if (beats.length === 20) resolve()
      })
    })
    ticker[Symbol.dispose]()
    const first = beats[0]
    for (const [index, beat] of beats.entries()) {
      expect(beat.index).toBeGreaterThan(beats[index - 1]?.index ?? 0)
      expect(beat.deadlineUs - (first?.deadlineUs ?? 0)).toBe((beat.index - (first?.index ?? 0)) * 5000)
    }
    const count = beats.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(beats).toHaveLength(count)
  })
})

describe('teleoperation in real time', () => {
  it('drives the simulated pair over its buses and lets it go parked, every goal inside the limits', async () => {
    const ports = await startSim()
    const notes: string[] = []
    const drive = () =>
      runTeleop({
        leader: { kind: 'socket', path: ports.leader },
        follower: { kind: 'socket', path: ports.follower },
        leaderCalibration: null,
        followerCalibration: null,
        writeCalibration: false,
        seconds: 1,
        release: true,
        note: (line) => notes.push(line),
      })
    let driven = await drive()
    // A machine too busy for a simulator makes its servos silent, and the arm stops as it should: try again.
    for (let tries = 0; tries < 15 && busyCode(driven) !== null; tries++) {
      expect(silence).toContain(busyCode(driven))
      if (driven.ok) expect(driven.value.monitorViolations).toBe(0)
      driven = await drive()
    }
    const report = unwrap(driven)
    expect(report).toMatchObject({ stoppedBy: null, monitorViolations: 0, torque: 'off' })
    expect(report.ticks).toBeGreaterThan(0)
    expect(report.follower?.requests).toBeGreaterThan(report.ticks)
    expect(notes[0]).toMatch(/Keep clear/u)
  })

  it('names the arm that cannot be opened', async () => {
    const result = await runTeleop({
      leader: { kind: 'socket', path: '/nowhere/leader' },
      follower: { kind: 'socket', path: '/nowhere/follower' },
      leaderCalibration: null,
      followerCalibration: null,
      writeCalibration: false,
      seconds: 1,
      release: false,
      note: () => undefined,
    })
    expect(result).toMatchObject({ ok: false, error: { data: { arm: 'follower' } } })
  })
})
