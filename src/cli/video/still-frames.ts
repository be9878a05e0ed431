/** Pictures that lie in the rows of a dataset, one PNG or JPEG file after the other, through the same decoder as videos. */
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { FaultError } from '#core/result.ts'
import { rawRgb, runFfmpeg, type PictureSize } from './run-ffmpeg.ts'

export interface StillRange extends PictureSize {
  /** Camera, for complaints. */
  readonly path: string
  /** The files of the episode, in order. @throws FaultError of the dataset */
  readonly pictures: () => AsyncIterable<Uint8Array>
}

/** @throws FaultError `dataset/no-decoder`, `dataset/unplayable`, or as `pictures` does */
export async function* readStills(
  range: StillRange,
  decoder: string,
): AsyncGenerator<RgbPicture, void, undefined> {
  const pictures = range.pictures()[Symbol.asyncIterator]()
  const first = await pictures.next()
  if (first.done === true) return
  const demuxer = demuxerOf(first.value)
  if (demuxer === null) {
    const message = `${range.path}: the pictures in the rows are neither PNG nor JPEG`
    throw new FaultError({ code: 'dataset/unplayable', message, data: { path: range.path } })
  }
  const args = ['-v', 'error', '-f', demuxer, '-i', 'pipe:0', ...rawRgb]
  const input = startingWith(first.value, pictures)
  yield* runFfmpeg(decoder, { args, size: range, path: range.path, input })
}

/** The first bytes tell the kind of file. */
function demuxerOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'png_pipe'
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? 'jpeg_pipe' : null
}

async function* startingWith<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T, void, undefined> {
  yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}
