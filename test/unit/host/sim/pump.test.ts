/** Real time on a clock that the test holds: replies leave when they are due, and a slow machine stretches simulated time. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeSyncRead } from '#core/bus/feetech-packet.ts'
import { ok, unwrap } from '#core/result.ts'
import { VirtualBus } from '#host/sim/bus/virtual-bus.ts'
import { WireFaults } from '#host/sim/bus/wire-faults.ts'
import type { BusLink } from '#host/sim/link/bus-link.ts'
import { type Line, Pump } from '#host/sim/pump.ts'
import { seededRandom } from '#host/sim/random.ts'
import { SimWorld } from '#host/sim/sim-world.ts'
import { SpeedMeter } from '#host/sim/speed-meter.ts'

class RecordingLink implements BusLink {
  readonly address = 'test'
  readonly baud = 1_000_000
  readonly isOpen = true
  readonly sent: { readonly atUs: number; readonly length: number }[] = []
  readonly #nowUs: () => number

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  send(bytes: Uint8Array): void {
    this.sent.push({ atUs: this.#nowUs(), length: bytes.length })
  }

  async setPlugged() {
    return ok(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

let nowUs = 5_000_000
let world: SimWorld
let link: RecordingLink
let line: Line
let pump: Pump

beforeEach(async () => {
  nowUs = 5_000_000
  world = unwrap(await SimWorld.create())
  link = new RecordingLink(() => nowUs)
  line = { bus: new VirtualBus(world.arms.follower.servos, new WireFaults(seededRandom(1))), link }
  pump = new Pump(() => nowUs, world, [line])
})
afterEach(() => {
  pump[Symbol.dispose]()
  world[Symbol.dispose]()
})

const turn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

/** Lets the pump work while the clock goes on in steps. */
async function pass(totalUs: number, stepUs: number): Promise<void> {
  for (const endUs = nowUs + totalUs; nowUs < endUs; nowUs += stepUs) await turn()
}

describe('the pump', () => {
  it('sends a reply when its bytes have had their time, never before', async () => {
    const askedUs = nowUs
    pump.receive(line, encodeSyncRead([1, 2, 3, 4, 5, 6], 56, 15))
    await pass(3000, 20)
    expect(link.sent.map(({ length }) => length)).toEqual([126])
    expect((link.sent[0]?.atUs ?? 0) - askedUs).toBeGreaterThanOrEqual(1400)
    expect((link.sent[0]?.atUs ?? 0) - askedUs).toBeLessThan(1500)
  })

  it('brings the physics up to the moment of a request', () => {
    nowUs += 6000
    pump.receive(line, encodeSyncRead([1], 56, 2))
    expect(world.simTimeUs).toBe(6000)
  })

  it('works off a short delay without losing simulated time', async () => {
    nowUs += 30_000
    for (let n = 0; n < 40; n += 1) pump.receive(line, new Uint8Array(0))
    expect(world.simTimeUs).toBe(30_000)
    expect(pump.stretchedUs).toBe(0)
  })

  it('stretches time when it cannot keep up, and says by how much', () => {
    nowUs += 1_000_000
    for (let n = 0; n < 40; n += 1) pump.receive(line, new Uint8Array(0))
    expect(pump.stretchedUs).toBe(960_000)
    expect(world.simTimeUs).toBe(40_000)
    expect(pump.speed).toBeLessThan(0.1)
  })
})

describe('the speed meter', () => {
  it('says 1 until it knows better, then simulated over real time of the last second', () => {
    const meter = new SpeedMeter()
    expect(meter.speed).toBe(1)
    for (let us = 0; us <= 2_000_000; us += 50_000) meter.note(us, us)
    expect(meter.speed).toBeCloseTo(1, 6)
    for (let us = 2_050_000; us <= 4_000_000; us += 50_000) meter.note(us, 2_000_000 + (us - 2_000_000) / 2)
    expect(meter.speed).toBeCloseTo(0.5, 2)
  })
})
