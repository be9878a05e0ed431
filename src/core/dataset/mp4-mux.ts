/**
 * Writes the part of an mp4 that comes before the pictures, in the timing of LeRobot's own H.264 files (spec/lerobot.md
 * §1.8): constant frame duration, FFmpeg's time scale, decoding one frame before presentation, an edit list that brings
 * presentation to 0. Invariant: `header + samples in order` is a complete file that needs nothing from outside.
 */
import { ByteWriter } from './byte-writer.ts'

export interface Mp4Track {
  readonly fps: number
  readonly width: number
  readonly height: number
  /** The `avcC` record. */
  readonly avcConfig: Uint8Array
  /** Size of every sample in bytes, in order. */
  readonly sampleSizes: readonly number[]
  /** Which samples are key frames; the first one must be. */
  readonly isKey: readonly boolean[]
}

/** FFmpeg's choice for video: the frame rate doubled until it is at least 10000. 30 → 15360, 25 → 12800. */
export function mp4TimeScale(fps: number): number {
  let scale = fps
  while (scale < 10_000) scale *= 2
  return scale
}

const identityMatrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000] as const
const maxChunkOffset32 = 0xffff_ffff

/** Everything before the first sample: `ftyp`, `moov` and the head of `mdat`. */
export function mp4Header(track: Mp4Track): Uint8Array {
  if (track.sampleSizes.length === 0 || track.isKey[0] !== true)
    throw new RangeError('a video needs a first sample, and it must be a key frame')
  const payload = track.sampleSizes.reduce((sum, size) => sum + size, 0)
  const isLarge = payload > maxChunkOffset32 - 0x100_0000
  // The offset of the first sample is inside the header itself: measure, then write again.
  const size = build(track, payload, 0, isLarge).length
  return build(track, payload, size, isLarge)
}

function build(track: Mp4Track, payload: number, firstSampleAt: number, isLarge: boolean): Uint8Array {
  const w = new ByteWriter()
  w.box('ftyp', () => w.text('isom').u32(0x200).text('isomiso2avc1mp41'))
  w.box('moov', () => {
    writeMovieHeader(w, track)
    w.box('trak', () => {
      writeTrackHeader(w, track)
      writeEditList(w, track)
      w.box('mdia', () => writeMedia(w, track, firstSampleAt, isLarge))
    })
  })
  if (isLarge)
    w.u32(1)
      .text('mdat')
      .u64(payload + 16)
  else w.u32(payload + 8).text('mdat')
  return w.finish()
}

const frameTicks = (track: Mp4Track): number => mp4TimeScale(track.fps) / track.fps
const durationTicks = (track: Mp4Track): number => track.sampleSizes.length * frameTicks(track)

function writeMovieHeader(w: ByteWriter, track: Mp4Track): void {
  // The movie runs on the track's time scale, so that the edit list's duration is exact.
  w.fullBox('mvhd', 0, 0, () => {
    w.u32(0, 0, mp4TimeScale(track.fps), durationTicks(track), 0x10000)
    w.u16(0x100)
      .zeros(10)
      .u32(...identityMatrix)
      .zeros(24)
      .u32(2)
  })
}

function writeTrackHeader(w: ByteWriter, track: Mp4Track): void {
  const enabledInMovie = 3
  w.fullBox('tkhd', 0, enabledInMovie, () => {
    w.u32(0, 0, 1, 0, durationTicks(track))
      .zeros(16)
      .u32(...identityMatrix)
    w.u32(track.width * 0x10000, track.height * 0x10000)
  })
}

function writeEditList(w: ByteWriter, track: Mp4Track): void {
  w.box('edts', () => {
    w.fullBox('elst', 0, 0, () => w.u32(1, durationTicks(track), frameTicks(track), 0x10000))
  })
}

function writeMedia(w: ByteWriter, track: Mp4Track, firstSampleAt: number, isLarge: boolean): void {
  const undetermined = 0x55c4
  w.fullBox('mdhd', 0, 0, () =>
    w.u32(0, 0, mp4TimeScale(track.fps), durationTicks(track)).u16(undetermined, 0),
  )
  w.fullBox('hdlr', 0, 0, () => w.u32(0).text('vide').zeros(12).text('VideoHandler').u8(0))
  w.box('minf', () => {
    w.fullBox('vmhd', 0, 1, () => w.zeros(8))
    const selfContained = 1
    w.box('dinf', () =>
      w.fullBox('dref', 0, 0, () => w.u32(1).fullBox('url ', 0, selfContained, () => undefined)),
    )
    w.box('stbl', () => writeSampleTable(w, track, firstSampleAt, isLarge))
  })
}

function writeSampleTable(w: ByteWriter, track: Mp4Track, firstSampleAt: number, isLarge: boolean): void {
  const count = track.sampleSizes.length
  const ticks = frameTicks(track)
  w.fullBox('stsd', 0, 0, () => w.u32(1).box('avc1', () => writeAvcEntry(w, track)))
  w.fullBox('stts', 0, 0, () => w.u32(1, count, ticks))
  const keys = track.isKey.flatMap((isKey, i) => (isKey ? [i + 1] : []))
  if (keys.length < count)
    w.fullBox('stss', 0, 0, () => {
      w.u32(keys.length)
      for (const key of keys) w.u32(key)
    })
  w.fullBox('ctts', 0, 0, () => w.u32(1, count, ticks))
  w.fullBox('stsc', 0, 0, () => w.u32(1, 1, count, 1))
  w.fullBox('stsz', 0, 0, () => {
    w.u32(0, count)
    for (const size of track.sampleSizes) w.u32(size)
  })
  if (isLarge) w.fullBox('co64', 0, 0, () => w.u32(1).u64(firstSampleAt))
  else w.fullBox('stco', 0, 0, () => w.u32(1, firstSampleAt))
}

function writeAvcEntry(w: ByteWriter, track: Mp4Track): void {
  const dpi72 = 0x480000
  w.zeros(6)
    .u16(1)
    .zeros(16)
    .u16(track.width, track.height)
    .u32(dpi72, dpi72, 0)
    .u16(1)
    .zeros(32)
    .u16(24, 0xffff)
  w.box('avcC', () => w.bytes(track.avcConfig))
}
