/** Commands on real things: servos behind a pseudo-terminal, a dataset on disk. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TeleopReport } from '#host/rig/drive/teleop-report.ts'
import { runCommand } from '#test/fakes/run-cli.ts'
import { TempDataset } from '#test/fixtures/datasets/temp-dataset.ts'

const root = join(import.meta.dirname, '../../..')
const hasPty = existsSync(join(root, 'native/pty/build/Release/pty.node'))

/** A process of its own, as for a person: physics and loop must not share an event loop. */
describe.skipIf(!hasPty)('a simulated pair on serial ports', () => {
  const dir = mkdtempSync(join(tmpdir(), 'foresight-pty-'))
  const [leader, follower] = [join(dir, 'leader'), join(dir, 'follower')]
  let simulator: ChildProcess
  beforeAll(async () => {
    const args = [join(root, 'bin', 'foresight.mjs'), 'sim', '--pty', dir]
    simulator = spawn(process.execPath, args, { stdio: 'ignore' })
    await vi.waitFor(() => expect(existsSync(follower)).toBe(true), { timeout: 20_000 })
  })
  afterAll(async () => {
    simulator.kill('SIGTERM')
    const [code] = (await once(simulator, 'exit')) as [number | null]
    expect(code).toBe(0)
    rmSync(dir, { recursive: true, force: true })
  })

  it('has servos that foresight arm scan lists, for people', async () => {
    const { code, out } = await runCommand(['arm', 'scan', '--port', follower])
    expect(code).toBe(0)
    expect(out).toContain('sts3215     firmware 3.10  1000000 baud')
  })

  it('has servos that foresight arm scan lists at the one speed asked for, for programs', async () => {
    const { out } = await runCommand(['arm', 'scan', '--port', leader, '--baud', '1000000', '--json'])
    const { servos } = JSON.parse(out) as { servos: { id: number; baud: number }[] }
    // On a busy machine an answer may come too late to be counted, so not all six are asked for here.
    expect(servos.length).toBeGreaterThan(0)
    expect(servos.every(({ id, baud }) => id >= 1 && id <= 6 && baud === 1_000_000)).toBe(true)
  })

  it('is driven by foresight teleop, which tells what it measured', async () => {
    const args = [
      'teleop',
      '--leader',
      leader,
      '--follower',
      follower,
      '--seconds',
      '1',
      '--release',
      '--json',
    ]
    const { code, out } = await runCommand(args)
    const report = JSON.parse(out) as TeleopReport
    expect(report).toMatchObject({ targetHz: 200, monitorViolations: 0, torque: 'off' })
    expect(report.ticks).toBeGreaterThan(0)
    // On a machine too busy to hold the loop a reaction may end it early; the exit code says so.
    expect(code).toBe(report.stoppedBy === null ? 0 : 1)
  })
})

describe('foresight teleop', () => {
  it.each([
    ['arm/calibration-missing', ['--leader-calibration', '/no/such/file.json']],
    ['bus/port-missing', []],
  ])('fails with %s before any arm moves', async (fault, extra) => {
    const ports = ['--leader', '/dev/no-such-leader', '--follower', '/dev/no-such-follower']
    const { code, out } = await runCommand(['teleop', ...ports, ...extra, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ error: { code: fault } })
  })
})

describe('foresight dataset info', () => {
  it('tells what a dataset holds', async () => {
    using dataset = await TempDataset.create()
    await dataset.add([0, 1])
    const people = await runCommand(['dataset', 'info', dataset.root])
    expect(people.code).toBe(0)
    expect(people.out).toContain('2 episodes')
    const programs = await runCommand(['dataset', 'info', dataset.root, '--json'])
    const answer = JSON.parse(programs.out) as { episodes: number; episodeList: unknown[] }
    expect(answer.episodes).toBe(2)
    expect(answer.episodeList).toHaveLength(2)
  })
})
