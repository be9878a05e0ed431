/** Commands on real things: servos behind a pseudo-terminal, a dataset on disk. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serialiseCalibration } from '#core/arm/calibration.ts'
import { calibrationFor } from '#host/sim/servo/servo-set.ts'
import type { Fault } from '#core/result.ts'
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

  // An answer that comes too late counts as none: on a busy machine the first try may find nothing.
  it('has servos that foresight arm scan lists, for people', { retry: 3 }, async () => {
    const { code, out } = await runCommand(['arm', 'scan', '--port', follower])
    expect(code).toBe(0)
    expect(out).toContain('sts3215     firmware 3.10  1000000 baud')
  })

  it(
    'has servos that foresight arm scan lists at the one speed asked for, for programs',
    { retry: 3 },
    async () => {
      const { out } = await runCommand(['arm', 'scan', '--port', leader, '--baud', '1000000', '--json'])
      const { servos } = JSON.parse(out) as { servos: { id: number; baud: number }[] }
      expect(servos.length).toBeGreaterThan(0)
      expect(servos.every(({ id, baud }) => id >= 1 && id <= 6 && baud === 1_000_000)).toBe(true)
    },
  )

  it('is driven by foresight teleop, whose exit code agrees with what it measured', async () => {
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
    const answer = JSON.parse(out) as TeleopReport | { readonly error: Fault }
    // On a machine too busy to hold the loop, servos count as silent and the run is refused or ends early: said, not hidden.
    if ('error' in answer) {
      expect(answer.error.code).toMatch(/^(?:bus|arm|control)\//u)
      expect(code).toBe(1)
      return
    }
    expect(answer).toMatchObject({ targetHz: 200, monitorViolations: 0 })
    expect(code).toBe(answer.stoppedBy === null ? 0 : 1)
  })

  let rangeMin = 1000
  it(
    'is not driven by another arm’s calibration file, unless its servos are to keep it',
    { retry: 3 },
    async () => {
      rangeMin += 1
      const file = join(dir, 'other.json')
      const own = Object.entries(calibrationFor('follower'))
      const other = Object.fromEntries(own.map(([joint, entry]) => [joint, { ...entry, rangeMin }]))
      writeFileSync(file, serialiseCalibration(other))
      // No leader: nothing moves.
      const args = ['teleop', '--leader', join(dir, 'none'), '--follower', follower, '--json']
      const run = async (...more: string[]) => {
        const { out } = await runCommand([...args, '--follower-calibration', file, ...more])
        return JSON.parse(out) as unknown
      }
      const leaderMissing = { error: { code: 'bus/port-missing', data: { arm: 'leader' } } }
      expect(await run()).toMatchObject({
        error: { code: 'arm/calibration-mismatch', data: { arm: 'follower' } },
      })
      expect(await run('--write-calibration')).toMatchObject(leaderMissing)
      expect(await run()).toMatchObject(leaderMissing)
    },
  )
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
