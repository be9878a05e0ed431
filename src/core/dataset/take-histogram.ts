/**
 * Colour histograms of sampled pictures in a take's journal: crc32 of the rest | frame u32 | 3 × 256 counts u32. The
 * statistics of a camera come from their sum, so that no picture has to be decoded again.
 */
import { crc32 } from './crc32.ts'

export const histogramBins = 768
const recordBytes = 8 + 4 * histogramBins

export function encodeHistogram(frame: number, counts: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(recordBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(4, frame, true)
  for (let i = 0; i < histogramBins; i += 1) view.setUint32(8 + 4 * i, counts[i] ?? 0, true)
  view.setUint32(0, crc32(bytes.subarray(4)), true)
  return bytes
}

/** Sum over the good records of frames below `frames`, and how many pictures that are. */
export function sumHistograms(
  journal: Uint8Array,
  frames: number,
): { readonly counts: Float64Array; readonly pictures: number } {
  const view = new DataView(journal.buffer, journal.byteOffset, journal.byteLength)
  const counts = new Float64Array(histogramBins)
  let pictures = 0
  for (let at = 0; at + recordBytes <= view.byteLength; at += recordBytes) {
    const body = new Uint8Array(view.buffer, view.byteOffset + at + 4, recordBytes - 4)
    if (crc32(body) !== view.getUint32(at, true)) break
    if (view.getUint32(at + 4, true) >= frames) continue
    for (let i = 0; i < histogramBins; i += 1)
      counts[i] = (counts[i] ?? 0) + view.getUint32(at + 8 + 4 * i, true)
    pictures += 1
  }
  return { counts, pictures }
}
