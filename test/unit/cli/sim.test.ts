/** `foresight sim` before anything runs: arguments and folders. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '#test/fakes/run-cli.ts'

const dir = mkdtempSync(join(tmpdir(), 'foresight-cli-sim-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('foresight sim', () => {
  it.each([
    ['--seconds', 'abc'],
    ['--seconds', '0'],
    ['--seconds', 'Infinity'],
    ['--seconds', '3000000000'],
    ['--seed', '1.5'],
    ['--operator', 'blue'],
    ['--pty'],
    ['extra'],
  ])('refuses %s %s as misuse, in JSON too', async (...words) => {
    const { code, out } = await runCommand(['sim', ...words.filter((word) => word !== undefined), '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'contract/invalid-request' } })
  })

  it.each(['--pty', '--calibration'])('says when the folder of %s cannot be made', async (option) => {
    const file = join(dir, 'file')
    writeFileSync(file, '')
    const { code, out } = await runCommand(['sim', option, join(file, 'x'), '--seconds', '1', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'shell/io' } })
  })

  // Node's own recursive mkdir never comes back from there.
  it.skipIf(process.platform !== 'linux').each(['--pty', '--calibration'])(
    'says so of a folder below /proc for %s too',
    async (option) => {
      const { code, out } = await runCommand(['sim', option, '/proc/x/y', '--seconds', '1', '--json'])
      expect(code).toBe(1)
      expect(JSON.parse(out)).toMatchObject({
        error: { code: 'shell/io', message: expect.stringContaining('/proc/x') as string },
      })
    },
  )
})
