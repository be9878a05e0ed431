import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listPorts } from '#host/rig/bus/port-list.ts'

describe('the list of ports', () => {
  let folder = ''
  let device = ''
  let link = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foresight-by-id-'))
    device = join(folder, 'ttyACM0')
    link = join(folder, 'usb-1a86_USB_Single_Serial_5A46083271-if00')
    await writeFile(device, '')
    await symlink(device, link)
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('gives a port under the name that stays the same after replugging', async () => {
    const list = async () => [
      { path: device, serialNumber: '5A46083271', manufacturer: '1a86', vendorId: '1a86' },
    ]
    expect(await listPorts(list, folder)).toEqual({
      ok: true,
      value: [{ path: link, serialNumber: '5A46083271', manufacturer: '1a86', vendorId: '1a86' }],
    })
  })

  it('keeps the plain path where there is no stable one, and leaves empty fields out', async () => {
    const list = async () => [{ path: 'COM7', serialNumber: '', productId: undefined }]
    expect(await listPorts(list, '/nowhere')).toEqual({ ok: true, value: [{ path: 'COM7' }] })
  })

  it("leaves out a board's own UARTs", async () => {
    const list = async () => [{ path: '/dev/ttyS0' }, { path: '/dev/ttyS4', vendorId: '8086' }]
    expect(await listPorts(list, '/nowhere')).toEqual({
      ok: true,
      value: [{ path: '/dev/ttyS4', vendorId: '8086' }],
    })
  })

  const missingTool = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('spawn udevadm ENOENT'), { code: 'ENOENT' }))

  it("falls back to udev's links where udevadm is missing, serial number included", async () => {
    const ports = await listPorts(missingTool, folder)
    expect(ports.ok && ports.value.find(({ path }) => path === link)).toEqual({
      path: link,
      serialNumber: '5A46083271',
    })
  })

  it('is empty where there is neither, since a container without devices is no fault', async () => {
    expect(await listPorts(missingTool, '/nowhere')).toEqual({ ok: true, value: [] })
  })

  it('says so when the lister itself fails', async () => {
    expect(await listPorts(() => Promise.reject(new Error('exit 3')), '/nowhere')).toMatchObject({
      error: { code: 'shell/io' },
    })
  })
})
