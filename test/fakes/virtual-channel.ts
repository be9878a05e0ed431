/** One simulated servo line and its cable, in virtual time: no socket, no process, no waiting. */
import { FeetechDecoder } from '#core/bus/feetech-decoder.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ByteChannel } from '#host/rig/bus/byte-channel.ts'
import type { VirtualBus } from '#host/sim/bus/virtual-bus.ts'
import type { BusLink } from '#host/sim/link/bus-link.ts'
import type { FakeBusClock } from './fake-bus-clock.ts'

/** Something on the wire that can move a servo: its goals by servo id, or its torque. */
export interface WireAct {
  readonly timeUs: number
  readonly kind: 'goal' | 'torque'
  readonly values: ReadonlyMap<number, number>
}

const write = 0x03
const syncWrite = 0x83
const goalAddress = 42
const torqueAddress = 40

export class VirtualLine implements BusLink {
  readonly address = 'virtual'
  readonly baud = 1_000_000
  readonly bus: VirtualBus
  readonly #clock: FakeBusClock
  readonly #world: (nowUs: number) => void
  readonly #onAct: (act: WireAct) => void
  #channel: VirtualChannel | null = null
  #isPlugged = true

  constructor(
    bus: VirtualBus,
    clock: FakeBusClock,
    world: (nowUs: number) => void,
    onAct: (act: WireAct) => void,
  ) {
    this.bus = bus
    this.#clock = clock
    this.#world = world
    this.#onAct = onAct
  }

  get isOpen(): boolean {
    return this.#channel !== null
  }

  /** The host's end; fails while the cable is out. */
  open(): Result<ByteChannel> {
    if (!this.#isPlugged) return fail('bus/port-missing', 'unplugged')
    this.#channel = new VirtualChannel((bytes) => this.#receive(bytes))
    return ok(this.#channel)
  }

  send(): void {
    throw new Error('replies are delivered when they are due')
  }

  async setPlugged(isPlugged: boolean): Promise<Result<void>> {
    this.#isPlugged = isPlugged
    if (!isPlugged) {
      this.bus.clear()
      this.#channel?.end({ code: 'bus/closed', message: 'unplugged' })
      this.#channel = null
    }
    return ok(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel = null
  }

  #receive(bytes: Uint8Array): void {
    const nowUs = this.#clock.nowUs()
    this.#world(nowUs)
    for (const act of actsIn(bytes, nowUs)) this.#onAct(act)
    this.bus.receive(bytes, nowUs, this.baud)
    this.#deliverWhenDue()
  }

  #deliverWhenDue(): void {
    const dueUs = this.bus.nextDueUs()
    if (dueUs === null) return
    const channel = this.#channel
    this.#clock.callAt(dueUs, () => {
      for (const bytes of this.bus.takeDue(this.#clock.nowUs())) channel?.hear(bytes, this.#clock.nowUs())
      this.#deliverWhenDue()
    })
  }
}

class VirtualChannel implements ByteChannel {
  readonly baud = 1_000_000
  readonly pendingBytes = 0
  readonly #send: (bytes: Uint8Array) => void
  readonly #data = new Set<(bytes: Uint8Array, timeUs: number) => void>()
  readonly #close = new Set<(fault: Fault) => void>()
  #isOpen = true

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send
  }

  write(bytes: Uint8Array): void {
    if (this.#isOpen) this.#send(bytes)
  }

  hear(bytes: Uint8Array, timeUs: number): void {
    if (this.#isOpen) for (const listener of this.#data) listener(bytes, timeUs)
  }

  end(fault: Fault): void {
    this.#isOpen = false
    for (const listener of this.#close) listener(fault)
  }

  onData(listener: (bytes: Uint8Array, timeUs: number) => void): Disposable {
    this.#data.add(listener)
    return { [Symbol.dispose]: () => void this.#data.delete(listener) }
  }

  onClose(listener: (fault: Fault) => void): Disposable {
    this.#close.add(listener)
    return { [Symbol.dispose]: () => void this.#close.delete(listener) }
  }

  async setBaud(): Promise<Result<void>> {
    return ok(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false
  }
}

function actsIn(bytes: Uint8Array, timeUs: number): readonly WireAct[] {
  return new FeetechDecoder().push(bytes).flatMap(({ id, code, params }): readonly WireAct[] => {
    const address = params[0]
    if (code === write && address === goalAddress)
      return [{ timeUs, kind: 'goal', values: new Map([[id, word(params, 1)]]) }]
    if (code === write && address === torqueAddress)
      return [{ timeUs, kind: 'torque', values: new Map([[id, params[1] ?? 0]]) }]
    if (code !== syncWrite || (address !== goalAddress && address !== torqueAddress)) return []
    const length = params[1] ?? 0
    const values = new Map<number, number>()
    for (let at = 2; at + length < params.length; at += length + 1)
      values.set(params[at] ?? 0, length === 2 ? word(params, at + 1) : (params[at + 1] ?? 0))
    return [{ timeUs, kind: address === goalAddress ? 'goal' : 'torque', values }]
  })
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
