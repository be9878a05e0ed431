/**
 * Which H.264 this browser can write at a given size: no B pictures, a level that fits, a rate that keeps the picture.
 * The first configuration that the browser accepts is used; none is a fault that says so.
 */
import { fail, ok, type Result } from '#core/result.ts'

export interface PictureFormat {
  readonly width: number
  readonly height: number
  readonly fps: number
}

/** H.264 table A-1: level × 10, macroblocks a second, macroblocks a picture. */
const levels: readonly (readonly [idc: number, perSecond: number, perPicture: number])[] = [
  [21, 19_800, 792],
  [30, 40_500, 1620],
  [31, 108_000, 3600],
  [32, 216_000, 5120],
  [40, 245_760, 8192],
  [42, 522_240, 8704],
  [50, 589_824, 22_080],
  [51, 983_040, 36_864],
  [52, 2_073_600, 36_864],
]

/** Constrained baseline, baseline, main, high. */
const profiles = ['42E0', '4200', '4D00', '6400'] as const

/** The lowest level, as `level_idc`, that allows this size and rate; null when none does. */
export function levelFor({ width, height, fps }: PictureFormat): number | null {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16)
  const level = levels.find(
    ([, perSecond, perPicture]) => macroblocks <= perPicture && macroblocks * fps <= perSecond,
  )
  return level?.[0] ?? null
}

/**
 * Bits a second. Every second picture is a key picture, which costs about three times what a long group would; small
 * pictures need more bits per pixel for the same look.
 */
export function bitrateFor({ width, height, fps }: PictureFormat): number {
  const pixels = width * height
  const bitsPerPixel = 0.5 * Math.sqrt((640 * 480) / pixels)
  return Math.round(pixels * fps * Math.min(1.2, Math.max(0.2, bitsPerPixel)))
}

export function candidateConfigs(format: PictureFormat): readonly VideoEncoderConfig[] {
  const level = levelFor(format)
  if (level === null) return []
  const hex = level.toString(16).toUpperCase().padStart(2, '0')
  return (['variable', 'constant'] as const).flatMap((bitrateMode) =>
    profiles.map((profile) => ({
      codec: `avc1.${profile}${hex}`,
      width: format.width,
      height: format.height,
      framerate: format.fps,
      bitrate: bitrateFor(format),
      bitrateMode,
      latencyMode: 'realtime',
      avc: { format: 'avc' },
    })),
  )
}

export type IsSupported = (config: VideoEncoderConfig) => Promise<VideoEncoderSupport>

/** Asks the browser once per format, ahead of the first take, so that a take begins at once. */
export class EncoderChoice {
  readonly #isSupported: IsSupported
  readonly #chosen = new Map<string, Promise<Result<VideoEncoderConfig>>>()

  constructor(isSupported: IsSupported = (config) => VideoEncoder.isConfigSupported(config)) {
    this.#isSupported = isSupported
  }

  /** Fails with `capture/encoder`, saying what does not fit. */
  choose(format: PictureFormat): Promise<Result<VideoEncoderConfig>> {
    const key = `${format.width}×${format.height}@${format.fps}`
    const known = this.#chosen.get(key)
    if (known !== undefined) return known
    const chosen = chooseEncoder(format, this.#isSupported)
    this.#chosen.set(key, chosen)
    return chosen
  }
}

async function chooseEncoder(
  format: PictureFormat,
  isSupported: IsSupported,
): Promise<Result<VideoEncoderConfig>> {
  const { width, height } = format
  if (width % 2 === 1 || height % 2 === 1)
    return fail('capture/encoder', `H.264 needs an even width and height, not ${width}×${height}`, {
      width,
      height,
    })
  for (const config of candidateConfigs(format)) {
    const support = await isSupported(config).catch(() => null)
    if (support?.supported === true) return ok(config)
  }
  return fail('capture/encoder', `this browser cannot write H.264 at ${width}×${height}`, { width, height })
}
