/**
 * Writes one episode's mp4: our header, then the samples copied from the take's journal, each checked against its
 * checksum on the way. Invariant: one picture per row, or nothing is written.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { mp4Header, type Mp4Track } from '#core/dataset/mp4-mux.ts'
import { findVideoProblem, readMp4 } from '#core/dataset/mp4-read.ts'
import type { TakeFrame } from '#core/dataset/take-frame.ts'
import { fail, ok, type Result } from '#core/result.ts'

export interface VideoSource {
  readonly width: number
  readonly height: number
  readonly avcConfig: Uint8Array
  /** Pictures 0…n−1; their samples lie one after the other from the start of `samplesPath`. */
  readonly frames: readonly TakeFrame[]
  readonly samplesPath: string
}

const copyBytes = 1 << 20

/** Fills `file`. Code `dataset/damaged` when a sample does not match its checksum; rejects with the system's error. */
export async function writeVideo(file: FileHandle, source: VideoSource, fps: number): Promise<Result<void>> {
  const track: Mp4Track = {
    fps,
    width: source.width,
    height: source.height,
    avcConfig: source.avcConfig,
    sampleSizes: source.frames.map((frame) => frame.size),
    isKey: source.frames.map((frame) => frame.isKey),
  }
  const header = mp4Header(track)
  const index = readMp4(header.subarray(0, header.length - 8))
  const problem = index.ok ? findVideoProblem(index.value, source.frames.length, fps) : index.error.message
  if (problem !== null) return fail('dataset/damaged', `the video would be wrong: ${problem}`)
  await file.writeFile(header)
  return await copySamples(file, source)
}

async function copySamples(file: FileHandle, source: VideoSource): Promise<Result<void>> {
  await using samples = await open(source.samplesPath, 'r')
  let group: TakeFrame[] = []
  let groupBytes = 0
  const flush = async (): Promise<Result<void>> => {
    const [first] = group
    if (first === undefined) return ok(undefined)
    const bytes = new Uint8Array(groupBytes)
    const { bytesRead } = await samples.read(bytes, 0, groupBytes, first.offset)
    if (bytesRead !== groupBytes) return fail('dataset/damaged', `${source.samplesPath} ends early`)
    const torn = group.find((frame) => {
      const at = frame.offset - first.offset
      return crc32(bytes.subarray(at, at + frame.size)) !== frame.sampleCrc
    })
    if (torn !== undefined)
      return fail('dataset/damaged', `picture ${torn.frame} in ${source.samplesPath} is corrupt`)
    await file.writeFile(bytes)
    group = []
    groupBytes = 0
    return ok(undefined)
  }
  for (const frame of source.frames) {
    group.push(frame)
    groupBytes += frame.size
    if (groupBytes < copyBytes) continue
    const done = await flush()
    if (!done.ok) return done
  }
  return await flush()
}
