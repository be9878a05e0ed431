/**
 * Pictures of an episode for commands that have no browser: decoded by the `ffmpeg` that every LeRobot lab has, read from
 * its pipe one picture at a time. The program ships no decoder of its own; without ffmpeg a command says so.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { FaultError, type Fault } from '#core/result.ts'

export interface FrameRange {
  readonly path: string
  /** Presentation times of the episode's first picture and of its end in the file, seconds. */
  readonly fromS: number
  readonly toS: number
  readonly fps: number
  readonly width: number
  readonly height: number
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
  return [...input, '-to', endS.toFixed(6), '-vf', filter, '-fps_mode', 'passthrough', ...rawRgb]
}

const rawRgb = ['-an', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']

/** Every picture in order. The reader's pace is ffmpeg's. @throws FaultError `dataset/no-decoder`, `dataset/unplayable` */
export async function* readFrames(
  range: FrameRange,
  decoder: string,
): AsyncGenerator<RgbPicture, void, undefined> {
  const child = spawn(decoder, ffmpegArguments(range), { stdio: ['ignore', 'pipe', 'pipe'] })
  const complaint: Buffer[] = []
  child.stderr.on('data', (bytes: Buffer) => complaint.push(bytes))
  const ended: Promise<Fault | null> = new Promise((resolve) => {
    child.once('error', (error) => resolve(missing(decoder, error)))
    child.once('close', (code) => resolve(code === 0 || code === null ? null : unplayable(range, complaint)))
  })
  try {
    yield* framesOf(child.stdout, range)
    const fault = await ended
    if (fault !== null) throw new FaultError(fault)
  } finally {
    if (child.exitCode === null && child.pid !== undefined) {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  }
}

/** Cuts a byte stream into pictures. */
export async function* framesOf(
  stream: AsyncIterable<Uint8Array>,
  { width, height }: Pick<FrameRange, 'width' | 'height'>,
): AsyncGenerator<RgbPicture, void, undefined> {
  const size = 3 * width * height
  let data = new Uint8Array(size)
  let filled = 0
  for await (const bytes of stream) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + size - filled)
      data.set(part, filled)
      filled += part.length
      at += part.length
      if (filled < size) break
      yield { width, height, data }
      data = new Uint8Array(size)
      filled = 0
    }
  }
}

const missing = (decoder: string, error: Error): Fault => ({
  code: 'dataset/no-decoder',
  message: `${decoder} cannot be started (${error.message}): install ffmpeg, set FORESIGHT_FFMPEG, or evaluate in the Review page`,
  data: { decoder },
})

const unplayable = ({ path }: FrameRange, complaint: readonly Buffer[]): Fault => ({
  code: 'dataset/unplayable',
  message: `ffmpeg cannot decode ${path}: ${Buffer.concat(complaint).toString('utf8').trim()}`,
  data: { path },
})
