/** One ffmpeg that turns what it reads into raw pictures on its output; ended when nobody wants more of them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { FaultError, type Fault } from '#core/result.ts'

/** Arguments after the input: every picture that comes in goes out, as bytes. */
export const rawRgb = ['-fps_mode', 'passthrough', '-an', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']

export interface DecodingJob {
  readonly args: readonly string[]
  readonly size: PictureSize
  /** What a complaint is about. */
  readonly path: string
  /** Fed to its standard input. */
  readonly input?: AsyncIterable<Uint8Array>
}

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Every picture in order. The reader's pace is ffmpeg's. @throws FaultError `dataset/no-decoder`, `dataset/unplayable`, or that of the input */
export async function* runFfmpeg(
  decoder: string,
  { args, size, path, input }: DecodingJob,
): AsyncGenerator<RgbPicture, void, undefined> {
  const child = spawn(decoder, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
  const { stdin, stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('ffmpeg without pipes')
  const complaint: Buffer[] = []
  stderr.on('data', (bytes: Buffer) => complaint.push(bytes))
  const ended: Promise<Fault | null> = new Promise((resolve) => {
    child.once('error', (error) => resolve(missing(decoder, error)))
    child.once('close', (code) => resolve(code === 0 || code === null ? null : unplayable(path, complaint)))
  })
  // A decoder that goes away closes its end early: what it says then is the reason, not the broken pipe.
  const fed = stdin === null || input === undefined ? null : feed(input, stdin)
  try {
    yield* framesOf(stdout, size)
    const fault = (await ended) ?? (await fed)
    if (fault !== null) throw new FaultError(fault)
  } finally {
    if (child.exitCode === null && child.pid !== undefined) {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  }
}

/** Null, or why the input ended early. */
async function feed(input: AsyncIterable<Uint8Array>, target: NodeJS.WritableStream): Promise<Fault | null> {
  try {
    await pipeline(Readable.from(input), target)
    return null
  } catch (error) {
    return error instanceof FaultError ? error.fault : null
  }
}

/** Cuts a byte stream into pictures. */
export async function* framesOf(
  stream: AsyncIterable<Uint8Array>,
  { width, height }: PictureSize,
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

const unplayable = (path: string, complaint: readonly Buffer[]): Fault => ({
  code: 'dataset/unplayable',
  message: `ffmpeg cannot decode ${path}: ${Buffer.concat(complaint).toString('utf8').trim()}`,
  data: { path },
})
