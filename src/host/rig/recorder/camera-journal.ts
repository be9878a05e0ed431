/**
 * The journal of one camera: samples, their index, sampled histograms and the decoder configuration. Invariant: picture k
 * is in it before picture k + 1, picture 0 is a key frame, and all share one configuration.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { avcConfig, parseAccessUnit, parseAvcConfig, parseSps } from '#core/dataset/h264.ts'
import type { CameraSpec } from '#core/dataset/recording-features.ts'
import { encodeTakeFrame } from '#core/dataset/take-frame.ts'
import { encodeHistogram, histogramBins } from '#core/dataset/take-histogram.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { AppendFile } from './append-file.ts'
import { takeFiles, writeTakeFile } from './take-meta.ts'

export interface VideoChunk {
  readonly frameIndex: number
  readonly isKey: boolean
  /** One H.264 access unit, length-prefixed or Annex B. */
  readonly data: Uint8Array
  /** On the rig's clock, microseconds. */
  readonly captureUs: number
  readonly uncertaintyUs: number
  readonly isRepeat: boolean
  /** 3 × 256 counts of a thinned picture, on sampled frames. */
  readonly histogram?: Uint32Array | undefined
}

export class CameraJournal {
  readonly spec: CameraSpec
  readonly #folder: string
  readonly #samples: AppendFile
  readonly #index: AppendFile
  readonly #histograms: AppendFile
  #config: Uint8Array | null = null
  #isConfigWritten = false
  #frames = 0
  #repeats = 0

  constructor(folder: string, spec: CameraSpec) {
    this.spec = spec
    this.#folder = folder
    this.#samples = new AppendFile(join(folder, takeFiles.samples(spec.name)))
    this.#index = new AppendFile(join(folder, takeFiles.index(spec.name)))
    this.#histograms = new AppendFile(join(folder, takeFiles.histograms(spec.name)))
  }

  /** Pictures taken in, which is also the next frame index. */
  get frames(): number {
    return this.#frames
  }

  get repeats(): number {
    return this.#repeats
  }

  get bytes(): number {
    return this.#samples.length
  }

  get pendingBytes(): number {
    return this.#samples.pendingBytes + this.#histograms.pendingBytes
  }

  /**
   * The decoder configuration as the encoder announces it (an `avcC` record). Code `capture/encoder` when it is none, has
   * another size than the dataset, or differs from the one that earlier pictures were encoded with.
   */
  configure(description: Uint8Array): Result<void> {
    const parsed = parseAvcConfig(description)
    return parsed.ok ? this.#adopt(parsed.value.sps, parsed.value.pps) : parsed
  }

  #adopt(sps: Uint8Array, pps: Uint8Array): Result<void> {
    const config = avcConfig(sps, pps)
    if (this.#config !== null) {
      if (Buffer.from(config).equals(this.#config)) return ok(undefined)
      return fail('capture/encoder', `the encoder of ${this.spec.name} changed its settings`, {
        camera: this.spec.name,
      })
    }
    const { width, height, chromaFormat } = parseSps(sps)
    if (width !== this.spec.width || height !== this.spec.height || chromaFormat !== 1)
      return fail(
        'capture/encoder',
        `${this.spec.name} is ${width}×${height}, the dataset has ${this.spec.width}×${this.spec.height} 4:2:0`,
        {
          camera: this.spec.name,
        },
      )
    this.#config = config
    return ok(undefined)
  }

  /**
   * Takes the next picture in. Codes: `capture/lost` (not the next frame), `capture/encoder` (no H.264, no key frame where
   * one must be, no configuration).
   */
  put(chunk: VideoChunk): Result<void> {
    const camera = this.spec.name
    if (chunk.frameIndex !== this.#frames)
      return fail(
        'capture/lost',
        `${camera} sent picture ${chunk.frameIndex} where ${this.#frames} was due`,
        { camera },
      )
    const unit = parseAccessUnit(chunk.data)
    if (!unit.ok) return unit
    const { sample, isIdr, sps, pps } = unit.value
    if (sps !== null && pps !== null) {
      const adopted = this.#adopt(sps, pps)
      if (!adopted.ok) return adopted
    }
    if (this.#config === null)
      return fail('capture/encoder', `${camera} sent no decoder configuration`, { camera })
    if (this.#frames === 0 && !isIdr)
      return fail('capture/encoder', `${camera} does not begin on a key frame`, { camera })
    const { length } = this.#samples
    this.#index.append(
      encodeTakeFrame({
        frame: chunk.frameIndex,
        offset: length,
        size: sample.length,
        captureUs: chunk.captureUs,
        uncertaintyUs: chunk.uncertaintyUs,
        isKey: isIdr,
        isRepeat: chunk.isRepeat,
        sampleCrc: crc32(sample),
      }),
    )
    this.#samples.append(sample)
    if (chunk.histogram?.length === histogramBins)
      this.#histograms.append(encodeHistogram(chunk.frameIndex, chunk.histogram))
    this.#frames += 1
    if (chunk.isRepeat) this.#repeats += 1
    return ok(undefined)
  }

  /** Makes everything taken in so far durable: samples before the index that points to them. */
  async flush(): Promise<void> {
    if (this.#config !== null && !this.#isConfigWritten) {
      const avc = Buffer.from(this.#config).toString('base64')
      await writeTakeFile(this.#folder, takeFiles.config(this.spec.name), { avcConfig: avc })
      this.#isConfigWritten = true
    }
    await this.#samples.flush()
    await this.#index.flush()
    await this.#histograms.flush()
  }

  async close(): Promise<void> {
    for (const file of [this.#samples, this.#index, this.#histograms]) await file.close()
  }
}
