/** An mp4 file inside a dataset as mediabunny reads it: byte ranges through the library host, no larger than it gives at once. */
import { CustomSource } from 'mediabunny'
import type { Client } from '#contract/rpc/types.ts'
import type { library } from '#contract/services/library.ts'

export type ByteReader = Pick<Client<typeof library>, 'readBytes'>
/** Pictures that are no video. */
export type PictureReader = Pick<Client<typeof library>, 'readPicture'>

const longestRead = 4 * 1024 * 1024

export interface LibraryFile {
  readonly dir: string
  readonly file: string
  readonly sizeBytes: number
}

/** Cuts a byte range into reads of at most `longest` bytes, in order. */
export function cutRange(
  start: number,
  end: number,
  longest = longestRead,
): readonly (readonly [number, number])[] {
  const cuts: [number, number][] = []
  for (let at = start; at < end; at += longest) cuts.push([at, Math.min(longest, end - at)])
  return cuts
}

export function librarySource(client: ByteReader, { dir, file, sizeBytes }: LibraryFile): CustomSource {
  return new CustomSource({
    getSize: () => sizeBytes,
    read: async (start, end) => {
      const whole = new Uint8Array(end - start)
      for (const [offset, length] of cutRange(start, end))
        whole.set(await client.readBytes({ dir, file, offset, length }), offset - start)
      return whole
    },
    prefetchProfile: 'fileSystem',
    maxCacheSize: 16 * 1024 * 1024,
    // Prefetching that nobody waits for may fail; the read that needs the bytes will say why.
    handleUnhandledError: () => undefined,
  })
}
