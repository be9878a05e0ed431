/**
 * Decodes pictures of one video file in any order. Short groups of pictures (LeRobot's and ours have two) are decoded
 * whole; long ones are followed from where decoding stands, so that playing forward never decodes a picture twice.
 */
import type { EncodedPacket, EncodedPacketSink } from 'mediabunny'
import { planDecode } from './decode-plan.ts'

export interface DecodedPicture {
  /** Presentation time in the file, seconds. */
  readonly seconds: number
  readonly frame: VideoFrame
}

/** Packets fed beyond the wanted one before the decoder is emptied by force: more than any decoder reorders. */
const lookahead = 6
/** Groups up to this long are decoded whole. */
const shortGroup = 12

export class GroupDecoder implements Disposable {
  readonly #packets: EncodedPacketSink
  readonly #config: VideoDecoderConfig
  readonly #onPicture: (picture: DecodedPicture) => void
  #decoder: VideoDecoder | null = null
  #error: Error | null = null
  /** The packet to feed next when decoding goes on; null when it must begin at a key packet. */
  #next: EncodedPacket | null = null
  #outMicros = new Set<number>()

  /** `onPicture` takes over every picture that comes out, wanted or not. */
  constructor(
    packets: EncodedPacketSink,
    config: VideoDecoderConfig,
    onPicture: (picture: DecodedPicture) => void,
  ) {
    this.#packets = packets
    this.#config = config
    this.#onPicture = onPicture
  }

  /** Decodes the picture that `wanted` starts, and some around it. Rejects when file or decoder fail. */
  async decode(wanted: EncodedPacket): Promise<void> {
    const key = await this.#packets.getKeyPacket(wanted.timestamp + halfOf(wanted))
    if (key === null) throw new Error('there is no key picture to start from')
    const plan = planDecode({
      next: this.#next?.sequenceNumber ?? null,
      key: key.sequenceNumber,
      wanted: wanted.sequenceNumber,
    })
    const decoder = this.#ready(plan === 'restart')
    this.#outMicros = new Set()
    let packet = plan === 'restart' ? key : this.#next
    let fedSinceKey = 0
    let isWantedFed = false
    let beyond = 0
    while (packet !== null) {
      if (isWantedFed && (packet.type === 'key' || beyond >= lookahead)) break
      decoder.decode(packet.toEncodedVideoChunk())
      fedSinceKey += 1
      if (isWantedFed) beyond += 1
      if (packet.sequenceNumber === wanted.sequenceNumber) isWantedFed = true
      packet = await this.#packets.getNextPacket(packet)
      if (decoder.decodeQueueSize > shortGroup) await drained(decoder)
      this.#check()
      if (isWantedFed && fedSinceKey > shortGroup && this.#isOut(wanted)) break
    }
    this.#next = packet
    if (this.#isOut(wanted) && packet?.type !== 'key') return
    await drained(decoder)
    this.#check()
    // At a key packet the decoder may be emptied at no cost: decoding goes on with it.
    if (!this.#isOut(wanted) || packet === null || packet.type === 'key') {
      await decoder.flush()
      if (packet?.type !== 'key') this.#next = null
    }
    this.#check()
    if (!this.#isOut(wanted)) throw new Error(`no picture came out at ${wanted.timestamp} s`)
  }

  [Symbol.dispose](): void {
    if (this.#decoder !== null && this.#decoder.state !== 'closed') this.#decoder.close()
    this.#decoder = null
  }

  #isOut(packet: EncodedPacket): boolean {
    return this.#outMicros.has(packet.microsecondTimestamp)
  }

  #check(): void {
    if (this.#error === null) return
    const error = this.#error
    this.#error = null
    this.#next = null
    throw error
  }

  #ready(isRestart: boolean): VideoDecoder {
    if (this.#decoder === null || this.#decoder.state === 'closed') {
      this.#decoder = new VideoDecoder({
        output: (frame) => {
          this.#outMicros.add(frame.timestamp)
          this.#onPicture({ seconds: frame.timestamp / 1_000_000, frame })
        },
        error: (error) => {
          this.#error = error
        },
      })
      this.#decoder.configure(this.#config)
    } else if (isRestart) {
      this.#decoder.reset()
      this.#decoder.configure(this.#config)
    }
    return this.#decoder
  }
}

const halfOf = (packet: EncodedPacket): number => packet.duration / 2

/** Resolves when the decoder has taken all that it was fed. */
function drained(decoder: VideoDecoder): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (decoder.state === 'configured' && decoder.decodeQueueSize > 0) return
      decoder.removeEventListener('dequeue', look)
      resolve()
    }
    decoder.addEventListener('dequeue', look)
    look()
  })
}
