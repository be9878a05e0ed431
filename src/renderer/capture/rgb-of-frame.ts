/** The pixels of a frame that the capture worker keeps (`own-copy.ts`, `virtual-renderer.ts`): planar, limited range, in main memory. */
import type { RgbPicture } from '#core/policy/pad-resize.ts'
import { yuvToRgb, type PlanarFormat } from './yuv-to-rgb.ts'

const formats: readonly PlanarFormat[] = ['I420', 'I422', 'I444', 'NV12']

/** Null for a frame of another form. The frame stays the caller's. */
export async function rgbOfFrame(frame: VideoFrame): Promise<RgbPicture | null> {
  const format = formats.find((known) => known === frame.format)
  if (format === undefined) return null
  const width = frame.visibleRect?.width ?? frame.codedWidth
  const height = frame.visibleRect?.height ?? frame.codedHeight
  const data = new Uint8Array(frame.allocationSize())
  const planes = await frame.copyTo(data)
  const matrix = frame.colorSpace.matrix === 'bt709' ? 'bt709' : 'bt601'
  return yuvToRgb({ format, width, height, data, planes, matrix })
}
