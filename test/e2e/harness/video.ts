/** Episode videos on the harness page: read through a library that serves bytes from memory, drawn, and told apart by the code in their top rows. */
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny'
import { FaultError } from '#core/result.ts'
import type { CameraTrack } from '#renderer/video/camera-track.ts'
import { createEpisodeVideo } from '#renderer/video/episode-video.ts'
import type { ByteReader } from '#renderer/video/library-source.ts'

/** 20 grey blocks in the top 8 rows, most significant first: camera 3 bits, episode 7, frame 10. */
const blocks = 20
const edges = (width: number): readonly number[] =>
  Array.from({ length: blocks + 1 }, (_, block) => Math.round((block * width) / blocks))

export function readCode(canvas: OffscreenCanvas): { camera: number; episode: number; frame: number } {
  const context = canvas.getContext('2d')
  const pixels = context?.getImageData(0, 0, canvas.width, 8).data ?? new Uint8ClampedArray()
  const at = edges(canvas.width)
  let code = 0
  for (let block = 0; block < blocks; block += 1) {
    const x = Math.floor(((at[block] ?? 0) + (at[block + 1] ?? 0)) / 2)
    code = code * 2 + ((pixels[4 * (4 * canvas.width + x)] ?? 0) > 127 ? 1 : 0)
  }
  return { camera: code >> 17, episode: (code >> 10) & 127, frame: code & 1023 }
}

/** An mp4 of `frames` coded pictures with a key picture every `keyInterval`. */
export async function makeVideo(frames: number, keyInterval: number): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height, fps] = [320, 240, 30]
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() })
  const source = new EncodedVideoPacketSource('avc')
  output.addVideoTrack(source, { frameRate: fps })
  await output.start()
  const out: [EncodedVideoChunk, EncodedVideoChunkMetadata | undefined][] = []
  const encoder = new VideoEncoder({
    output: (chunk, metadata) => out.push([chunk, metadata]),
    error: (error) => reportError(error),
  })
  encoder.configure({
    codec: 'avc1.42E01E',
    width,
    height,
    framerate: fps,
    bitrate: 1e6,
    avc: { format: 'avc' },
  })
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2d context')
  for (let frame = 0; frame < frames; frame += 1) {
    context.fillStyle = `hsl(${frame * 4} 60% 40%)`
    context.fillRect(0, 8, width, height - 8)
    const at = edges(width)
    for (let block = 0; block < blocks; block += 1) {
      context.fillStyle = (frame >> (blocks - 1 - block)) & 1 ? '#fff' : '#000'
      context.fillRect(at[block] ?? 0, 0, (at[block + 1] ?? 0) - (at[block] ?? 0), 8)
    }
    const picture = new VideoFrame(canvas, {
      timestamp: Math.round((frame * 1e6) / fps),
      duration: Math.round(1e6 / fps),
    })
    encoder.encode(picture, { keyFrame: frame % keyInterval === 0 })
    picture.close()
  }
  await encoder.flush()
  encoder.close()
  for (const [chunk, metadata] of out) await source.add(EncodedPacket.fromEncodedChunk(chunk), metadata)
  await output.finalize()
  return new Uint8Array(output.target.buffer ?? new ArrayBuffer(0))
}

const library = new Map<string, Uint8Array>()
let areReadsRefused = false

const client: ByteReader = {
  readBytes: async ({ file, offset, length }) => {
    if (areReadsRefused) throw new FaultError({ code: 'dataset/io', message: 'refused for the test' })
    const bytes = library.get(file)
    if (bytes === undefined) throw new FaultError({ code: 'dataset/not-found', message: `no ${file}` })
    return bytes.slice(offset, offset + length)
  },
}

export const refuseReads = (isOn: boolean): void => {
  areReadsRefused = isOn
}

export function addFile(file: string, bytes: Uint8Array): void {
  library.set(file, bytes)
}

const canvas = new OffscreenCanvas(1, 1)
const videos = new Map<string, CameraTrack>()

export interface VideoPlace {
  readonly file: string
  readonly fromSeconds: number
  readonly toSeconds: number
}

export function openVideo(place: VideoPlace): void {
  const key = JSON.stringify(place)
  const sizeBytes = library.get(place.file)?.length ?? 0
  videos.set(
    key,
    createEpisodeVideo({ client, dir: '/d', video: { camera: 'front', sizeBytes, ...place }, fps: 30 }),
  )
}

const videoAt = (place: VideoPlace): CameraTrack => {
  const video = videos.get(JSON.stringify(place))
  if (video === undefined) throw new Error('not open')
  return video
}

/** Draws each frame in turn; answers the code in it, or the fault's code, and how long it took. */
export async function drawFrames(place: VideoPlace, frames: readonly number[]) {
  const answers: {
    frame: number
    code: ReturnType<typeof readCode> | null
    fault: string | null
    ms: number
  }[] = []
  for (const frame of frames) {
    const startMs = performance.now()
    const result = await videoAt(place).draw(frame, canvas)
    const ms = performance.now() - startMs
    answers.push({
      frame,
      code: result.ok ? readCode(canvas) : null,
      fault: result.ok ? null : result.error.code,
      ms,
    })
  }
  return answers
}

/** Asks for all frames at once, as scrubbing does; answers the code on the canvas at the end. */
export async function scrub(place: VideoPlace, frames: readonly number[]) {
  const results = await Promise.all(frames.map((frame) => videoAt(place).draw(frame, canvas)))
  return { areOk: results.every((result) => result.ok), code: readCode(canvas) }
}

export async function thumbnails(place: VideoPlace, width: number) {
  const video = videoAt(place)
  const pictures = await Promise.all([video.firstPicture(width), video.lastPicture(width)])
  return pictures.map((picture) => (picture.ok ? [picture.value.width, picture.value.height] : null))
}
