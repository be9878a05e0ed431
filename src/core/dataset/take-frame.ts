/**
 * The index of a take's video journal: one fixed-size record per picture, pointing into the file of samples.
 * Little-endian: crc32 of the rest | frame u32 | offset f64 | capture time f64 | size u32 |
 * crc32 of the sample u32 | flags u32 | clock uncertainty f32.
 */
import { crc32 } from './crc32.ts'

export interface TakeFrame {
  readonly frame: number
  /** Where its sample begins in the file of samples. */
  readonly offset: number
  readonly size: number
  /** Machine-monotonic time at which the picture was taken, microseconds; of the first showing when repeated. */
  readonly captureUs: number
  /** Half width of the interval that surely holds the capture time, microseconds. */
  readonly uncertaintyUs: number
  readonly isKey: boolean
  readonly isRepeat: boolean
  readonly sampleCrc: number
}

export const takeFrameBytes = 40

export function encodeTakeFrame(frame: TakeFrame): Uint8Array {
  const bytes = new Uint8Array(takeFrameBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(4, frame.frame, true)
  view.setFloat64(8, frame.offset, true)
  view.setFloat64(16, frame.captureUs, true)
  view.setUint32(24, frame.size, true)
  view.setUint32(28, frame.sampleCrc, true)
  view.setUint32(32, (frame.isKey ? 1 : 0) | (frame.isRepeat ? 2 : 0), true)
  view.setFloat32(36, frame.uncertaintyUs, true)
  view.setUint32(0, crc32(bytes.subarray(4)), true)
  return bytes
}

/** The longest good prefix of an index: pictures 0, 1, 2, … whose samples lie one after the other within `sampleBytes`. */
export function readTakeFrames(index: Uint8Array, sampleBytes: number): TakeFrame[] {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength)
  const frames: TakeFrame[] = []
  let expectedOffset = 0
  for (let at = 0; at + takeFrameBytes <= view.byteLength; at += takeFrameBytes) {
    const body = new Uint8Array(view.buffer, view.byteOffset + at + 4, takeFrameBytes - 4)
    const flags = view.getUint32(at + 32, true)
    const frame: TakeFrame = {
      frame: view.getUint32(at + 4, true),
      offset: view.getFloat64(at + 8, true),
      captureUs: view.getFloat64(at + 16, true),
      size: view.getUint32(at + 24, true),
      uncertaintyUs: view.getFloat32(at + 36, true),
      sampleCrc: view.getUint32(at + 28, true),
      isKey: (flags & 1) !== 0,
      isRepeat: (flags & 2) !== 0,
    }
    const isWhole = crc32(body) === view.getUint32(at, true) && frame.frame === frames.length
    if (!isWhole || frame.offset !== expectedOffset || frame.offset + frame.size > sampleBytes) break
    frames.push(frame)
    expectedOffset += frame.size
  }
  return frames
}
