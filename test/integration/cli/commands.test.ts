/** Commands on real things: servos behind a pseudo-terminal, a dataset on disk. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCommand, type Ran } from '#test/fakes/run-cli.ts'
import { TempDataset } from '#test/fixtures/datasets/temp-dataset.ts'

const hasPty = existsSync(join(import.meta.dirname, '../../../native/pty/build/Release/pty.node'))

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
