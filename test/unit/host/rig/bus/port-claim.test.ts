import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimPort } from '#host/rig/bus/port-claim.ts'

describe('the claim of a port', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foresight-claims-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is refused while a live process has it, which is named', async () => {
    const first = await claimPort('/dev/ttyACM0', folder)
    expect(first.ok).toBe(true)
    expect(await claimPort('/dev/ttyACM0', folder)).toMatchObject({
      error: { code: 'bus/port-busy', data: { pid: process.pid, path: '/dev/ttyACM0' } },
    })
    expect((await claimPort('/dev/ttyACM1', folder)).ok).toBe(true)
  })

  it('is free again when given back, and leaves nothing behind', async () => {
    const first = await claimPort('/dev/ttyACM0', folder)
    if (first.ok) await first.value[Symbol.asyncDispose]()
    expect(await readdir(folder)).toEqual([])
    expect((await claimPort('/dev/ttyACM0', folder)).ok).toBe(true)
  })

  it('knows a port by any of its names', async () => {
    const device = join(folder, 'ttyACM0')
    await writeFile(device, '')
    await symlink(device, join(folder, 'usb-serial'))
    const claims = join(folder, 'claims')
    expect((await claimPort(device, claims)).ok).toBe(true)
    expect((await claimPort(join(folder, 'usb-serial'), claims)).ok).toBe(false)
  })

  it.each([
    ['a process that is gone', '4194304999'],
    ['nobody', ''],
    ['nonsense', 'x'],
  ])('is taken over from %s', async (_name, content) => {
    await writeFile(join(folder, '-dev-ttyACM0.pid'), content)
    expect((await claimPort('/dev/ttyACM0', folder)).ok).toBe(true)
  })

  it("is left to the system's lock where no claim can be kept", async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const claim = await claimPort('/dev/ttyACM0', join(file, 'claims'))
    expect(claim.ok).toBe(true)
    if (claim.ok) await claim.value[Symbol.asyncDispose]()
  })
})
