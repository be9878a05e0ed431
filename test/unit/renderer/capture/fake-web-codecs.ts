/** WebCodecs as far as takes use it, for tests without a browser: an encoder that answers a turn later, frames that count. */
import { vi } from 'vitest'

export class FakeVideoFrame {
  static open = 0
  readonly timestamp: number
  readonly visibleRect = null
  readonly codedWidth = 2
  readonly codedHeight = 2
  #isClosed = false

  constructor(source: unknown, init: { readonly timestamp?: number } = {}) {
    this.timestamp = init.timestamp ?? (source instanceof FakeVideoFrame ? source.timestamp : 0)
    FakeVideoFrame.open += 1
  }
  clone(): FakeVideoFrame {
    return new FakeVideoFrame(this)
  }
  close(): void {
    if (!this.#isClosed) FakeVideoFrame.open -= 1
    this.#isClosed = true
  }
  async copyTo(): Promise<readonly PlaneLayout[]> {
    return []
  }
}

export class FakeVideoEncoder extends EventTarget {
  static all: FakeVideoEncoder[] = []
  /** Frames are kept while set, as by an encoder that is busy. */
  isBusy = false
  state: 'unconfigured' | 'configured' | 'closed' = 'unconfigured'
  readonly encoded: { readonly timestamp: number; readonly isKey: boolean }[] = []
  readonly #init: VideoEncoderInit
  readonly #held: (() => void)[] = []
  #isFirst = true

  constructor(init: VideoEncoderInit) {
    super()
    this.#init = init
    FakeVideoEncoder.all.push(this)
  }
  configure(): void {
    this.state = 'configured'
  }
  encode(frame: FakeVideoFrame, options: { readonly keyFrame: boolean }): void {
    const { timestamp } = frame
    this.encoded.push({ timestamp, isKey: options.keyFrame })
    const put = (): void => {
      if (this.state !== 'configured') return
      const chunk = {
        type: options.keyFrame ? 'key' : 'delta',
        byteLength: 1,
        copyTo: (out: Uint8Array) => out.fill(7),
      } as unknown as EncodedVideoChunk
      const first = this.#isFirst
      this.#isFirst = false
      this.#init.output(
        chunk,
        first ? { decoderConfig: { codec: 'avc1.42E01E', description: Uint8Array.of(1, 2, 3) } } : {},
      )
      this.dispatchEvent(new Event('dequeue'))
    }
    if (this.isBusy) this.#held.push(put)
    else queueMicrotask(put)
  }
  release(): void {
    this.isBusy = false
    for (const put of this.#held.splice(0)) put()
  }
  fail(message: string): void {
    this.#init.error(new DOMException(message, 'EncodingError'))
  }
  async flush(): Promise<void> {
    this.release()
    await Promise.resolve()
    await Promise.resolve()
  }
  close(): void {
    this.state = 'closed'
  }
}

export function stubWebCodecs(): void {
  FakeVideoEncoder.all = []
  FakeVideoFrame.open = 0
  vi.stubGlobal('VideoEncoder', FakeVideoEncoder)
  vi.stubGlobal('VideoFrame', FakeVideoFrame)
}
