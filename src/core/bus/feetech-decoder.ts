/**
 * Feetech packets, bytes in: an incremental decoder that takes fragments of any size and gives whole, checked packets.
 * It works in both directions, since instructions and statuses share one frame. Invariant: every packet that is present
 * in the stream undamaged is found, whatever surrounds it, because after a bad candidate only one byte is skipped.
 */
import { broadcastId, packetChecksum } from './feetech-packet.ts'

export interface FeetechPacket {
  readonly id: number
  /** The instruction (towards a servo) or the error bits (from a servo). */
  readonly code: number
  readonly params: Uint8Array
  /** All bytes, header and checksum included. */
  readonly bytes: Uint8Array
}

export interface FeetechDecoderOptions {
  /**
   * Largest LEN byte taken as real, 250 by default. A damaged length above it is rejected at once instead of waiting for
   * bytes that never come.
   */
  readonly maxLength?: number
}

export class FeetechDecoder {
  readonly #maxLength: number
  #pending: Uint8Array = new Uint8Array(0)
  #corrupt = 0
  #skippedBytes = 0

  constructor(options: FeetechDecoderOptions = {}) {
    this.#maxLength = options.maxLength ?? 250
  }

  /** Candidates with a good header but a bad checksum, since construction. */
  get corrupt(): number {
    return this.#corrupt
  }

  /** Bytes that belonged to no packet, since construction. */
  get skippedBytes(): number {
    return this.#skippedBytes
  }

  /** Bytes held back because a packet may still be completed. */
  get pendingBytes(): number {
    return this.#pending.length
  }

  /** Takes the next bytes and returns the packets they complete, in order. */
  push(bytes: Uint8Array): FeetechPacket[] {
    if (this.#pending.length === 0) this.#pending = bytes.slice()
    else {
      const joined = new Uint8Array(this.#pending.length + bytes.length)
      joined.set(this.#pending)
      joined.set(bytes, this.#pending.length)
      this.#pending = joined
    }
    return this.#scan(false)
  }

  /**
   * Gives up waiting for the rest of an incomplete packet and returns those that were hidden behind it: noise that looks
   * like a header with a large length swallows what follows until this is called. Afterwards nothing is pending.
   */
  flush(): FeetechPacket[] {
    return this.#scan(true)
  }

  /** Forgets pending bytes. */
  clear(): void {
    this.#skippedBytes += this.#pending.length
    this.#pending = new Uint8Array(0)
  }

  #scan(isLast: boolean): FeetechPacket[] {
    const packets: FeetechPacket[] = []
    const bytes = this.#pending
    let at = 0
    while (at < bytes.length) {
      const step = candidate(bytes, at, this.#maxLength)
      if (step === 'incomplete' && !isLast) break
      if (typeof step === 'object') {
        packets.push(step)
        at += step.bytes.length
        continue
      }
      if (step === 'corrupt') this.#corrupt += 1
      this.#skippedBytes += 1
      at += 1
    }
    this.#pending = bytes.slice(at)
    return packets
  }
}

function candidate(
  bytes: Uint8Array,
  at: number,
  maxLength: number,
): FeetechPacket | 'incomplete' | 'noHeader' | 'corrupt' {
  const [first, second, id, length] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  if (first !== 0xff || (second !== undefined && second !== 0xff)) return 'noHeader'
  if (id !== undefined && id > broadcastId) return 'noHeader'
  if (length !== undefined && (length < 2 || length > maxLength)) return 'noHeader'
  const end = length === undefined ? Infinity : at + 4 + length
  if (id === undefined || end > bytes.length) return 'incomplete'
  if (packetChecksum(bytes, at, end) !== bytes[end - 1]) return 'corrupt'
  const packet = bytes.slice(at, end)
  return { id, code: packet[4] ?? 0, params: packet.subarray(5, -1), bytes: packet }
}
