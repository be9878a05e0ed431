/**
 * A camera's picture in our own memory, ready for the file: a driver lends few buffers and stops when they are all out, and
 * a take keeps pictures for longer than that. The given frame stays the caller's.
 */
import { i420ColorSpace, i420Size, rgbxToI420, squeezeRange } from './video-range.ts'

const planar: ReadonlySet<string> = new Set(['I420', 'I422', 'I444', 'NV12'])

/** Null when the browser does not let the picture be read, e.g. that of a depth camera. */
export async function ownCopy(frame: VideoFrame): Promise<VideoFrame | null> {
  const { format, timestamp } = frame
  const width = frame.visibleRect?.width ?? frame.codedWidth
  const height = frame.visibleRect?.height ?? frame.codedHeight
  if (format === null) return null
  const shape = { codedWidth: width, codedHeight: height, timestamp }
  if (planar.has(format)) {
    const data = new Uint8Array(frame.allocationSize())
    const layout = await frame.copyTo(data)
    const isFull = frame.colorSpace.fullRange === true
    if (isFull) squeezeRange(data, layout[1]?.offset ?? data.length)
    const colorSpace = { ...frame.colorSpace.toJSON(), ...(isFull ? { fullRange: false } : {}) }
    return new VideoFrame(data, { ...shape, format, layout, colorSpace })
  }
  const rgbx = new Uint8Array(4 * width * height)
  await frame.copyTo(rgbx, { format: 'RGBX', colorSpace: 'srgb' })
  const data = new Uint8Array(i420Size(width, height))
  rgbxToI420(rgbx, { width, height }, 'top-down', data)
  return new VideoFrame(data, { ...shape, format: 'I420', colorSpace: i420ColorSpace })
}
