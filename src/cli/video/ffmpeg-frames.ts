/**
 * Pictures of an episode for commands that have no browser: decoded by the `ffmpeg` that every LeRobot lab has, read from
 * its pipe one picture at a time. The program ships no decoder of its own; without ffmpeg a command says so.
 */
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { rawRgb, runFfmpeg, type PictureSize } from './run-ffmpeg.ts'

export interface FrameRange extends PictureSize {
  readonly path: string
  /** Presentation times of the episode's first picture and of its end in the file, seconds. */
  readonly fromS: number
  readonly toS: number
  readonly fps: number
}

/** The decoder's name or path: `FORESIGHT_FFMPEG`, else what the shell finds. */
export const ffmpegPath = (env: NodeJS.ProcessEnv): string => env['FORESIGHT_FFMPEG'] ?? 'ffmpeg'

/**
 * Arguments that make ffmpeg write every picture of the range as raw RGB. The seek lands half a picture early and the
 * end is cut half a picture early, so that rounded time stamps never add or lose one.
 */
export function ffmpegArguments({ path, fromS, toS, fps }: FrameRange): string[] {
  const half = 0.5 / fps
  const seekS = Math.max(0, fromS - half)
  const endS = toS - half
  const input = ['-nostdin', '-v', 'error', '-ss', seekS.toFixed(6), '-copyts', '-i', path]
  const filter = `select='gte(t,${(fromS - half).toFixed(6)})*lt(t,${endS.toFixed(6)})'`
  return [...input, '-to', endS.toFixed(6), '-vf', filter, ...rawRgb]
}

/** Every picture in order. The reader's pace is ffmpeg's. @throws FaultError `dataset/no-decoder`, `dataset/unplayable` */
export const readFrames = (range: FrameRange, decoder: string): AsyncGenerator<RgbPicture, void, undefined> =>
  runFfmpeg(decoder, { args: ffmpegArguments(range), size: range, path: range.path })
