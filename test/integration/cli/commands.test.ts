/** Commands on real things: servos behind a pseudo-terminal, a dataset on disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TeleopReport } from '#host/rig/drive/teleop-report.ts'
import { runCommand, type Ran } from '#test/fakes/run-cli.ts'
import { TempDataset } from '#test/fixtures/datasets/temp-dataset.ts'

const root = join(import.meta.dirname, '../../..')
const hasPty = existsSync(join(root, 'native/pty/build/Release/pty.node'))

describe.skipIf(!hasPty)('foresight arm scan', () => {
  const dir = mkdtempSync(join(tmpdir(), 'foresight-pty-'))
  const stop = new AbortController()
  let simulator: Promise<Ran>
  beforeAll(async () => {
    simulator = runCommand(['sim', '--pty', dir], stop.signal)
    await vi.waitFor(() => expect(existsSync(join(dir, 'follower'))).toBe(true), { timeout: 20_000 })
  })
  afterAll(async () => {
    stop.abort()
    expect((await simulator).code).toBe(0)
    rmSync(dir, { recursive: true, force: true })
  })

  it('finds the six servos of an arm, for people', async () => {
    const { code, out } = await runCommand(['arm', 'scan', '--port', join(dir, 'follower')])
    expect(code).toBe(0)
    expect(out.split('\n')).toHaveLength(7)
    expect(out).toContain('sts3215')
  })

  it('finds them at the one speed asked for, for programs', async () => {
    const { out } = await runCommand([
      'arm',
      'scan',
      '--port',
      join(dir, 'leader'),
      '--baud',
      '1000000',
      '--json',
    ])
    const { servos } = JSON.parse(out) as { servos: { id: number; baud: number }[] }
    expect(servos.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6])
    expect(new Set(servos.map(({ baud }) => baud))).toEqual(new Set([1_000_000]))
  })
})

describe.skipIf(!hasPty)('foresight teleop', () => {
  it('drives the simulated pair through its serial ports and tells what it measured', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'foresight-pty-'))
    // A process of its own, as for a person: physics and loop must not share an event loop.
    const simulator = spawn(process.execPath, [join(root, 'bin', 'foresight.mjs'), 'sim', '--pty', dir], {
      stdio: 'ignore',
    })
    const [leader, follower] = [join(dir, 'leader'), join(dir, 'follower')]
    await vi.waitFor(() => expect(existsSync(follower)).toBe(true), { timeout: 20_000 })
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
    simulator.kill('SIGTERM')
    await once(simulator, 'exit')
    rmSync(dir, { recursive: true, force: true })
    const report = JSON.parse(out) as TeleopReport
    expect(report).toMatchObject({ targetHz: 200, monitorViolations: 0, torque: 'off' })
    expect(report.ticks).toBeGreaterThan(0)
    // On a machine too busy to hold the loop a reaction may end it early; the exit code says so.
    expect(code).toBe(report.stoppedBy === null ? 0 : 1)
  })

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
