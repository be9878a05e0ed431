/**
 * One request on a Feetech bus and the answers it may have, without I/O or time: what comes in is sorted into answers,
 * the request's own echo, and strays. Answers are matched by id and length, because ids alone would let a late status of
 * an earlier request pass.
 */
import { FeetechDecoder, type FeetechPacket } from './feetech-decoder.ts'
import { packetOverhead } from './feetech-packet.ts'

export interface FeetechRequest {
  readonly bytes: Uint8Array
  /** Servos that will answer; none for a sync write. */
  readonly ids: readonly number[]
  /** Parameter bytes in each answer. */
  readonly answerLength: number
}

export interface FeetechAnswer {
  readonly id: number
  readonly errorBits: number
  readonly params: Uint8Array
  /** Time stamp of the bytes that completed it. */
  readonly timeUs: number
}

export class FeetechExchange {
  readonly #request: FeetechRequest
  readonly #decoder: FeetechDecoder
  readonly #answers = new Map<number, FeetechAnswer>()
  /** A packet equal to the request: an adapter's echo, or a status that happens to read the same. */
  #mirror: { readonly packet: FeetechPacket; readonly timeUs: number } | null = null
  #strays = 0
  #repeats = 0

  constructor(request: FeetechRequest) {
    this.#request = request
    const longest = Math.max(request.answerLength + packetOverhead, request.bytes.length) - 4
    this.#decoder = new FeetechDecoder({ maxLength: longest })
  }

  /** Answers so far, by id. */
  get answers(): ReadonlyMap<number, FeetechAnswer> {
    return this.#answers
  }

  get isComplete(): boolean {
    return this.#answers.size === this.#request.ids.length
  }

  /** Servos that are still to answer. */
  get missing(): readonly number[] {
    return this.#request.ids.filter((id) => !this.#answers.has(id))
  }

  /** Answers that came twice. */
  get repeats(): number {
    return this.#repeats
  }

  /** Damaged packets seen. */
  get corrupt(): number {
    return this.#decoder.corrupt
  }

  /** False when anything came besides answers and the echo: damage, noise, late or repeated packets. */
  get isClean(): boolean {
    return this.#strays === 0 && this.#decoder.corrupt === 0 && this.#decoder.skippedBytes === 0
  }

  push(bytes: Uint8Array, timeUs: number): void {
    for (const packet of this.#decoder.push(bytes)) this.#take(packet, timeUs)
  }

  /** No more will come: looks behind incomplete packets, and lets a packet equal to the request stand as an answer. */
  end(timeUs: number): void {
    for (const packet of this.#decoder.flush()) this.#take(packet, timeUs)
    if (this.#mirror !== null) this.#accept(this.#mirror.packet, this.#mirror.timeUs)
    this.#mirror = null
  }

  #take(packet: FeetechPacket, timeUs: number): void {
    // PING of id 1 and "voltage error" of id 1 are the same six bytes: held back until nothing better comes.
    if (this.#mirror === null && isEqual(packet.bytes, this.#request.bytes)) this.#mirror = { packet, timeUs }
    else if (!this.#accept(packet, timeUs)) this.#strays += 1
  }

  #accept({ id, code, params }: FeetechPacket, timeUs: number): boolean {
    const { ids, answerLength } = this.#request
    if (!ids.includes(id) || params.length !== answerLength) return false
    if (this.#answers.has(id)) {
      this.#repeats += 1
      return false
    }
    this.#answers.set(id, { id, errorBits: code, params, timeUs })
    return true
  }
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
