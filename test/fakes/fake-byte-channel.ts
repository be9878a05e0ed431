/**
 * A byte channel in virtual time with something scripted at its other end. Bytes take their time on the wire; a `Mischief`
 * decides what happens to each answer.
 */
import type { Fault, Result } from '#core/result.ts'
import { ok } from '#core/result.ts'
import type { ByteChannel } from '#host/rig/bus/byte-channel.ts'
import type { FakeBusClock } from './fake-bus-clock.ts'

/** What becomes of an answer: the pieces that arrive and how much later than they would. */
export type Mischief = (answer: Uint8Array, index: number) => readonly Piece[]

export interface Piece {
  readonly bytes: Uint8Array
  readonly delayUs?: number
}

export const lose: Mischief = () => []
export const flipBit =
  (bit: number): Mischief =>
  (answer) => {
    const bytes = answer.slice()
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return [{ bytes }]
  }
export const truncate =
  (length: number): Mischief =>
  (answer) => [{ bytes: answer.slice(0, length) }]
export const duplicate: Mischief = (answer) => [{ bytes: answer }, { bytes: answer, delayUs: 50 }]
export const delay =
  (delayUs: number): Mischief =>
  (answer) => [{ bytes: answer, delayUs }]
export const fragment =
  (gapUs: number): Mischief =>
  (answer) =>
    Array.from(answer, (byte, i) => ({ bytes: Uint8Array.of(byte), delayUs: i * gapUs }))
export const precede =
  (noise: Uint8Array): Mischief =>
  (answer) => [{ bytes: noise }, { bytes: answer }]

export class FakeByteChannel implements ByteChannel {
  baud = 1_000_000
  pendingBytes = 0
  /** Everything written, in order, with its time. */
  readonly written: { readonly bytes: Uint8Array; readonly atUs: number }[] = []
  /** The device at the other end: answers to what was written. */
  respond: (bytes: Uint8Array) => readonly Uint8Array[] = () => []
  /** Applied to every answer until changed. */
  mischief: Mischief = (answer) => [{ bytes: answer }]
  /** True for an adapter that hears itself. */
  hasEcho = false
  isDisposed = false
  readonly #clock: FakeBusClock
  readonly #data = new Set<(bytes: Uint8Array, timeUs: number) => void>()
  readonly #close = new Set<(fault: Fault) => void>()
  #answers = 0
  /** The wire is taken until then. */
  #busyUntilUs = 0

  constructor(clock: FakeBusClock) {
    this.#clock = clock
  }

  write(bytes: Uint8Array): void {
    const atUs = this.#clock.nowUs()
    this.written.push({ bytes: bytes.slice(), atUs })
    this.#busyUntilUs = Math.max(this.#busyUntilUs, atUs) + this.#wireUs(bytes.length)
    if (this.hasEcho) this.deliver(bytes, this.#busyUntilUs)
    for (const answer of this.respond(bytes)) {
      this.#busyUntilUs += this.#wireUs(answer.length)
      for (const piece of this.mischief(answer, this.#answers))
        this.deliver(piece.bytes, this.#busyUntilUs + (piece.delayUs ?? 0))
      this.#answers += 1
    }
  }

  /** Bytes that arrive at a time, asked for or not. */
  deliver(bytes: Uint8Array, atUs: number = this.#clock.nowUs()): void {
    this.#clock.callAt(atUs, () => {
      for (const listener of this.#data) listener(bytes, this.#clock.nowUs())
    })
  }

  /** The cable is pulled. */
  unplug(): void {
    for (const listener of this.#close) listener({ code: 'bus/closed', message: 'unplugged' })
    this.#close.clear()
    this.#data.clear()
  }

  onData(listener: (bytes: Uint8Array, timeUs: number) => void): Disposable {
    this.#data.add(listener)
    return { [Symbol.dispose]: () => void this.#data.delete(listener) }
  }

  onClose(listener: (fault: Fault) => void): Disposable {
    this.#close.add(listener)
    return { [Symbol.dispose]: () => void this.#close.delete(listener) }
  }

  async setBaud(baud: number): Promise<Result<void>> {
    this.baud = baud
    return ok(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true
    this.#data.clear()
  }

  #wireUs(bytes: number): number {
    return (bytes * 10 * 1e6) / this.baud
  }
}
