/** Counts of a picture's values for the dataset's statistics, thinned the way LeRobot thins (spec/lerobot.md §1.7). */

/** Every how many pixels one counts, in both directions: 1 below 300, then so that about 150 remain of the shorter side's rule. */
export function thinningStep(width: number, height: number): number {
  if (Math.max(width, height) < 300) return 1
  return width > height ? Math.trunc(width / 150) : Math.trunc(height / 150)
}

/** `pixels`: rows of R, G, B and a fourth byte. Answers 256 counts for R, then G, then B. */
export function countPixels(pixels: Uint8Array, width: number, height: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(768)
  const step = thinningStep(width, height)
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      const at = 4 * (y * width + x)
      for (let channel = 0; channel < 3; channel += 1) {
        const bin = 256 * channel + (pixels[at + channel] ?? 0)
        counts[bin] = (counts[bin] ?? 0) + 1
      }
    }
  }
  return counts
}

/** Counts of a picture in whatever form the browser holds it. The frame may be closed as soon as this was called. */
export async function countFrame(frame: VideoFrame): Promise<Uint32Array<ArrayBuffer>> {
  const copy = frame.clone()
  const rect = copy.visibleRect
  const [width, height] = [rect?.width ?? copy.codedWidth, rect?.height ?? copy.codedHeight]
  try {
    const pixels = new Uint8Array(4 * width * height)
    await copy.copyTo(pixels, { format: 'RGBX', colorSpace: 'srgb' })
    return countPixels(pixels, width, height)
  } finally {
    copy.close()
  }
}
