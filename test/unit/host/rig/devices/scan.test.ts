import { describe, expect, it } from 'vitest'
import { scanChannel, type ScanOptions, type ScanReport } from '#host/rig/devices/scan.ts'
import type { Result } from '#core/result.ts'
import { FakeBusClock } from '#test/fakes/fake-bus-clock.ts'
import { FakeByteChannel, flipBit } from '#test/fakes/fake-byte-channel.ts'
import { FakeServos } from '#test/fakes/fake-servos.ts'

/** Servos that hear only their own speed, as real ones do. */
function createPort(groups: readonly { readonly baud: number; readonly ids: readonly number[] }[]): {
  readonly channel: FakeByteChannel
  readonly servos: readonly FakeServos[]
  readonly scan: (options?: ScanOptions) => Promise<Result<ScanReport>>
} {
  const clock = new FakeBusClock()
  const channel = new FakeByteChannel(clock)
  const servos = groups.map(({ ids }) => new FakeServos(ids))
  channel.respond = (bytes) =>
    groups.flatMap(({ baud }, i) => (baud === channel.baud ? [...(servos[i]?.respond(bytes) ?? [])] : []))
  return { channel, servos, scan: (options) => clock.run(scanChannel(channel, clock, options)) }
}

describe('a scan', () => {
  it('lists every servo with model, firmware and speed, and closes the port', async () => {
    const { scan, servos, channel } = createPort([{ baud: 1_000_000, ids: [1, 6] }])
    servos[0]?.set(6, 'Model_Number', 9999)
    expect(await scan()).toEqual({
      ok: true,
      value: {
        servos: [
          { id: 1, model: 'sts3215', modelNumber: 777, firmware: '3.10', baud: 1_000_000 },
          { id: 6, model: 'unknown', modelNumber: 9999, firmware: '3.10', baud: 1_000_000 },
        ],
        garbledBauds: [],
      },
    })
    expect(channel.isDisposed).toBe(true)
  })

  it('finds a servo at 76800 baud, which LeRobot calls 57600', async () => {
    const { scan } = createPort([{ baud: 76_800, ids: [3] }])
    expect(await scan()).toMatchObject({ value: { servos: [{ id: 3, baud: 76_800 }] } })
  })

  it('finds a servo with a high id by its answer to the broadcast', async () => {
    const { scan } = createPort([{ baud: 1_000_000, ids: [250] }])
    expect(await scan()).toMatchObject({ value: { servos: [{ id: 250 }] } })
  })

  it('stops at the first speed that answers unless told to go on', async () => {
    const groups = [
      { baud: 1_000_000, ids: [1] },
      { baud: 500_000, ids: [2] },
    ]
    const ids = async (options?: ScanOptions): Promise<readonly number[]> => {
      const report = await createPort(groups).scan(options)
      return report.ok ? report.value.servos.map(({ id }) => id) : []
    }
    expect(await ids()).toEqual([1])
    expect(await ids({ isExhaustive: true })).toEqual([1, 2])
  })

  it('tries only the speeds and ids it is given, and says which it is at', async () => {
    const { scan, channel } = createPort([{ baud: 500_000, ids: [9] }])
    const bauds: number[] = []
    await scan({ bauds: [250_000, 500_000], ids: [9], onBaud: (baud) => bauds.push(baud) })
    expect(bauds).toEqual([250_000, 500_000])
    expect(channel.written.every(({ bytes }) => bytes[2] === 9 || bytes[2] === 0xfe)).toBe(true)
  })

  it('reports a speed at which answers cannot be read, as when several servos share an id', async () => {
    const { scan, channel } = createPort([{ baud: 1_000_000, ids: [1] }])
    channel.mischief = flipBit(36)
    expect(await scan({ bauds: [1_000_000] })).toMatchObject({
      value: { servos: [], garbledBauds: [1_000_000] },
    })
  })

  it('is not fooled by an adapter that echoes its own pings', async () => {
    const { scan, channel } = createPort([{ baud: 1_000_000, ids: [2] }])
    channel.hasEcho = true
    expect(await scan()).toMatchObject({ value: { servos: [{ id: 2 }], garbledBauds: [] } })
  })

  it('writes nothing to any servo', async () => {
    const { scan, servos } = createPort([{ baud: 1_000_000, ids: [1, 2] }])
    await scan()
    expect(servos[0]?.writes).toEqual([])
  })

  it('ends with the fault when the port is lost, and early when told to stop', async () => {
    const lost = createPort([])
    const scanning = lost.scan({ onBaud: (baud) => void (baud === 500_000 && lost.channel.unplug()) })
    expect(await scanning).toMatchObject({ error: { code: 'bus/closed' } })
    const controller = new AbortController()
    const stopped = createPort([])
    await stopped.scan({ signal: controller.signal, onBaud: () => controller.abort() })
    expect(stopped.channel.baud).toBe(1_000_000)
  })
})
