/**
 * One half-duplex servo line: takes the host's bytes, lets every servo that hears them answer, and says when each answer's
 * last byte would arrive at the line's speed (10 bits a byte, return delays included). Pure: time is a parameter, nothing
 * is sent from here. Invariant: a reply is never due before its time on the wire is over.
 */
import { FeetechDecoder, type FeetechPacket } from '#core/bus/feetech-decoder.ts'
import type { Sts3215 } from '../servo/sts3215.ts'
import { type Answer, answersTo } from './answers.ts'
import type { WireFaults } from './wire-faults.ts'

/** A packet whose bytes stop coming for this long is given up, and the line listens for a new one. */
const packetGapUs = 20_000
const bitsPerByte = 10

export interface Reply {
  readonly bytes: Uint8Array
  /** When its last byte has arrived at the host. */
  readonly dueUs: number
}

export class VirtualBus {
  readonly servos: readonly Sts3215[]
  readonly #faults: WireFaults
  readonly #decoder = new FeetechDecoder()
  readonly #replies: Reply[] = []
  /** Until when bytes already handed over occupy the line. */
  #busyUntilUs = 0
  #lastByteUs = 0

  constructor(servos: readonly Sts3215[], faults: WireFaults) {
    this.servos = servos
    this.#faults = faults
  }

  /** The host wrote bytes at `nowUs`, its port set to `baud`. */
  receive(bytes: Uint8Array, nowUs: number, baud: number): void {
    if (this.#decoder.pendingBytes > 0 && nowUs - this.#lastByteUs > packetGapUs) this.#decoder.clear()
    this.#lastByteUs = nowUs
    this.#busyUntilUs = Math.max(nowUs, this.#busyUntilUs) + wireUs(bytes.length, baud)
    for (const packet of this.#decoder.push(bytes)) this.#handle(packet, baud)
  }

  /** When the next reply is due; null when none is on its way. */
  nextDueUs(): number | null {
    return this.#replies[0]?.dueUs ?? null
  }

  /** Replies whose time has come, in order. */
  takeDue(nowUs: number): Uint8Array[] {
    const due: Uint8Array[] = []
    while (this.#replies[0] !== undefined && this.#replies[0].dueUs <= nowUs) {
      const reply = this.#replies.shift()
      if (reply !== undefined) due.push(reply.bytes)
    }
    return due
  }

  /** Forgets what is on the line: the host closed its port or the cable was pulled. */
  clear(): void {
    this.#decoder.clear()
    this.#replies.length = 0
    this.#busyUntilUs = 0
  }

  #handle(packet: FeetechPacket, baud: number): void {
    if (this.#faults.losesRequest()) return
    let endUs = this.#busyUntilUs
    const parts: Uint8Array[] = []
    let extraUs = 0
    for (const answer of answersTo(packet, this.servos, baud)) {
      endUs =
        Math.max(endUs, this.#busyUntilUs + slotUs(answer, baud)) +
        answer.delayUs +
        wireUs(answer.bytes.length, baud)
      const fate = this.#faults.fateOf(answer.servo, answer.bytes)
      extraUs = Math.max(extraUs, fate.delayUs)
      if (fate.bytes !== null) parts.push(fate.bytes)
    }
    if (parts.length === 0) return
    this.#busyUntilUs = endUs
    this.#replies.push({ bytes: joined(parts), dueUs: endUs + extraUs })
    this.#replies.sort((a, b) => a.dueUs - b.dueUs)
  }
}

/** A servo that waits for its turn (broadcast PING) starts no earlier than its slot. */
const slotUs = (answer: Answer, baud: number): number => wireUs(answer.slotBytes, baud)

const wireUs = (byteCount: number, baud: number): number => (byteCount * bitsPerByte * 1e6) / baud

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
