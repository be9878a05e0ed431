/**
 * From drawn or photographed pixels to what video files store: limited range, and BT.601 where we choose, as LeRobot's own
 * files are. Left to itself the browser writes full range, which LeRobot refuses to merge with its own (spec/lerobot.md §1.8).
 */

/** How pictures that were made here from RGB must be labelled. */
export const i420ColorSpace: VideoColorSpaceInit = {
  matrix: 'smpte170m',
  primaries: 'smpte170m',
  transfer: 'smpte170m',
  fullRange: false,
}

/** Bytes of one I420 picture; width and height are even. */
export const i420Size = (width: number, height: number): number => (width * height * 3) / 2

/**
 * `rgbx`: four bytes a pixel; rows from the bottom up, as GL reads them, or from the top down. `out`: Y, then U, then V, from
 * the top down. ITU-R BT.601: Y = 16 + 65.481 R + 128.553 G + 24.966 B for R, G, B in 0…1, and so on, in 16-bit fixed point.
 */
export function rgbxToI420(
  rgbx: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  rows: 'bottom-up' | 'top-down',
  out: Uint8Array,
): void {
  const uStart = width * height
  const vStart = uStart + uStart / 4
  const stride = rows === 'bottom-up' ? -4 * width : 4 * width
  const first = rows === 'bottom-up' ? 4 * width * (height - 1) : 0
  for (let row = 0; row < height; row += 2) {
    let upper = first + row * stride
    let y = row * width
    let uv = (row / 2) * (width / 2)
    for (let column = 0; column < width; column += 2) {
      let red = 0
      let green = 0
      let blue = 0
      for (let pixel = 0; pixel < 4; pixel += 1) {
        const at = (pixel < 2 ? upper : upper + stride) + 4 * (pixel & 1)
        const r = rgbx[at] as number
        const g = rgbx[at + 1] as number
        const b = rgbx[at + 2] as number
        out[y + (pixel & 1) + (pixel < 2 ? 0 : width)] = (16829 * r + 33039 * g + 6416 * b + 1081344) >> 16
        red += r
        green += g
        blue += b
      }
      out[uStart + uv] = (-9714 * red - 19070 * green + 28784 * blue + 33685504) >> 18
      out[vStart + uv] = (28784 * red - 24103 * green - 4681 * blue + 33685504) >> 18
      upper += 8
      y += 2
      uv += 1
    }
  }
}

const limitedLuma = Uint8Array.from({ length: 256 }, (_, value) => Math.round(16 + (value * 219) / 255))
const limitedChroma = Uint8Array.from({ length: 256 }, (_, value) =>
  Math.round(128 + ((value - 128) * 224) / 255),
)

/** Squeezes full-range planes into limited range, in place. The first `lumaBytes` are luma, all others chroma, as in I420, I422, I444 and NV12. */
export function squeezeRange(planes: Uint8Array, lumaBytes: number): void {
  for (let i = 0; i < lumaBytes; i += 1) planes[i] = limitedLuma[planes[i] as number] as number
  for (let i = lumaBytes; i < planes.length; i += 1) planes[i] = limitedChroma[planes[i] as number] as number
}
