/** One mp4 file of a dataset, opened once however many episodes lie in it. Knows its packets; decodes nothing. */
import { EncodedPacketSink, Input, MP4, QTFF } from 'mediabunny'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import { librarySource, type ByteReader, type LibraryFile } from './library-source.ts'

export interface OpenFile {
  readonly packets: EncodedPacketSink
  readonly decoder: VideoDecoderConfig
}

/** Files kept open per library; each holds its index and a read cache. */
const keptOpen = 8

const opened = new WeakMap<ByteReader, Map<string, Promise<Result<OpenFile>>>>()

/** Fails with the library's fault, `dataset/damaged` when the file is no video, `dataset/unplayable` when its codec cannot be played here. */
export function openVideoFile(client: ByteReader, place: LibraryFile): Promise<Result<OpenFile>> {
  let files = opened.get(client)
  if (files === undefined) opened.set(client, (files = new Map()))
  // A file that was rewritten has another size and is another file.
  const key = JSON.stringify([place.dir, place.file, place.sizeBytes])
  const known = files.get(key)
  files.delete(key)
  const opening = known ?? open(client, place)
  files.set(key, opening)
  const [oldest] = files.keys()
  if (files.size > keptOpen && oldest !== undefined) files.delete(oldest)
  // A failure may pass (a host that restarts): the next asker tries again.
  void opening.then((result) => {
    if (!result.ok && files.get(key) === opening) files.delete(key)
  })
  return opening
}

async function open(client: ByteReader, place: LibraryFile): Promise<Result<OpenFile>> {
  try {
    const input = new Input({ formats: [MP4, QTFF], source: librarySource(client, place) })
    const track = await input.getPrimaryVideoTrack()
    if (track === null) return fail('dataset/damaged', `${place.file} holds no video`, { file: place.file })
    const decoder = await track.getDecoderConfig()
    // A codec that has no name here, such as MPEG-4 part 2, is told by the name that the file gives it.
    if (decoder === null) return unplayable(place.file, String(track.internalCodecId))
    const support = await VideoDecoder.isConfigSupported(decoder)
    if (support.supported !== true) return unplayable(place.file, decoder.codec)
    return ok({ packets: new EncodedPacketSink(track), decoder: { ...decoder, optimizeForLatency: true } })
  } catch (error) {
    return readFailure(error, place.file)
  }
}

const unplayable = (file: string, codec: string): Result<never> =>
  fail('dataset/unplayable', `this browser cannot play ${codec}, as in ${file}`, { codec, file })

/** What a failed read means: the library's own fault, or a file that is not what it claims. */
export function readFailure(error: unknown, file: string): Result<never> {
  if (error instanceof FaultError) return { ok: false, error: error.fault }
  const message = error instanceof Error ? error.message : String(error)
  return fail('dataset/damaged', `${file}: ${message}`, { file })
}
