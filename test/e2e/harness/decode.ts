/** Decodes what the recorder would have got, and measures the pictures. */
import type { ReceivedVideo } from '#test/fakes/fake-capture-host.ts'

export interface DecodedFrame {
  /** Where the red cube is, in pixels from the left; null when it is not in the picture. */
  readonly redX: number | null
  /** Mean of R, G, B. */
  readonly mean: readonly [number, number, number]
}

export async function decodeVideo(video: ReceivedVideo): Promise<readonly DecodedFrame[]> {
  const frames: DecodedFrame[] = []
  let failure: Error | null = null
  const waiting: Promise<void>[] = []
  const decoder = new VideoDecoder({
    output: (frame) => {
      const index = frames.length
      frames.push({ redX: null, mean: [0, 0, 0] })
      waiting.push(
        measure(frame).then((measured) => {
          frames[index] = measured
        }),
      )
    },
    error: (error) => {
      failure = error
    },
  })
  decoder.configure({ codec: video.codec, description: video.description })
  for (const item of video.items) {
    decoder.decode(
      new EncodedVideoChunk({
        type: item.isKey ? 'key' : 'delta',
        timestamp: item.frameIndex,
        data: item.data,
      }),
    )
  }
  await decoder.flush()
  await Promise.all(waiting)
  decoder.close()
  if (failure !== null) throw failure
  return frames
}

async function measure(frame: VideoFrame): Promise<DecodedFrame> {
  const [width, height] = [frame.displayWidth, frame.displayHeight]
  const pixels = new Uint8Array(4 * width * height)
  await frame.copyTo(pixels, { format: 'RGBX' })
  frame.close()
  let [reds, sumX] = [0, 0]
  const sums: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < width * height; i += 1) {
    const [r, g, b] = [pixels[4 * i] ?? 0, pixels[4 * i + 1] ?? 0, pixels[4 * i + 2] ?? 0]
    sums[0] += r
    sums[1] += g
    sums[2] += b
    if (r > 120 && r > 2.2 * g && r > 2.2 * b) {
      reds += 1
      sumX += i % width
    }
  }
  const count = width * height
  return {
    redX: reds > 20 ? sumX / reds : null,
    mean: [sums[0] / count, sums[1] / count, sums[2] / count],
  }
}
