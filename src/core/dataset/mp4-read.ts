/**
 * Reads the sample table of an mp4's first video track: enough to prove what we wrote, and to copy packets out of files
 * that LeRobot wrote. Files in fragments are not read.
 */
import { fail, ok, type Result } from '../result.ts'

export interface Mp4Sample {
  readonly offset: number
  readonly size: number
  /** Decode and presentation time in ticks of the time scale, the edit list applied. */
  readonly dts: number
  readonly pts: number
  readonly isKey: boolean
}

export interface Mp4Index {
  readonly timeScale: number
  /** Duration in the track's header, ticks. */
  readonly durationTicks: number
  readonly width: number
  readonly height: number
  /** Four-letter codec of the sample entry, e.g. `avc1`. */
  readonly codec: string
  /** The `avcC` record, when there is one. */
  readonly avcConfig: Uint8Array | null
  readonly samples: readonly Mp4Sample[]
}

interface Box {
  readonly type: string
  /** Content only. */
  readonly body: DataView
}

function* boxes(view: DataView, from = 0): Generator<Box> {
  let at = from
  while (at + 8 <= view.byteLength) {
    let size = view.getUint32(at)
    let head = 8
    if (size === 1 && at + 16 <= view.byteLength) {
      size = Number(view.getBigUint64(at + 8))
      head = 16
    } else if (size === 0) size = view.byteLength - at
    if (size < head || at + size > view.byteLength) return
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)))
    yield { type, body: new DataView(view.buffer, view.byteOffset + at + head, size - head) }
    at += size
  }
}

function find(view: DataView | null, ...path: string[]): DataView | null {
  let current = view
  for (const type of path) {
    if (current === null) return null
    current = [...boxes(current)].find((box) => box.type === type)?.body ?? null
  }
  return current
}

/** Reads the content of a `moov` box (without its eight-byte head). Code `dataset/damaged` when it has no readable video track. */
export function readMp4Movie(moov: Uint8Array): Result<Mp4Index> {
  const view = new DataView(moov.buffer, moov.byteOffset, moov.byteLength)
  for (const { type, body } of boxes(view)) {
    if (type !== 'trak') continue
    const handler = find(body, 'mdia', 'hdlr')
    if (handler !== null && handler.byteLength >= 12 && handler.getUint32(8) === 0x76696465) {
      try {
        return readTrack(body)
      } catch (error) {
        if (error instanceof RangeError) break
        throw error
      }
    }
  }
  return fail('dataset/damaged', 'the mp4 has no readable video track')
}

function readTrack(track: DataView): Result<Mp4Index> {
  const header = find(track, 'mdia', 'mdhd')
  const table = find(track, 'mdia', 'minf', 'stbl')
  const description = find(table, 'stsd')
  if (header === null || table === null || description === null)
    return fail('dataset/damaged', 'the video track lacks its tables')
  const isLong = header.getUint8(0) === 1
  const entry = [...boxes(description, 8)][0]
  if (entry === undefined) return fail('dataset/damaged', 'the video track names no codec')
  const config = [...boxes(entry.body, 78)].find((box) => box.type === 'avcC')?.body
  const edit = find(track, 'edts', 'elst')
  return ok({
    timeScale: header.getUint32(isLong ? 20 : 12),
    durationTicks: isLong ? Number(header.getBigUint64(24)) : header.getUint32(16),
    width: entry.body.getUint16(24),
    height: entry.body.getUint16(26),
    codec: entry.type,
    avcConfig:
      config === undefined
        ? null
        : new Uint8Array(config.buffer, config.byteOffset, config.byteLength).slice(),
    samples: readSamples(table, edit === null ? 0 : editStart(edit)),
  })
}

/** The media time at which presentation begins: that of the first edit that is not empty. */
function editStart(edit: DataView): number {
  const isLong = edit.getUint8(0) === 1
  const count = edit.getUint32(4)
  const stride = isLong ? 20 : 12
  for (let i = 0; i < count; i += 1) {
    const at = 8 + i * stride
    const mediaTime = isLong ? Number(edit.getBigInt64(at + 8)) : edit.getInt32(at + 4)
    if (mediaTime >= 0) return mediaTime
  }
  return 0
}

function readSamples(table: DataView, shift: number): Mp4Sample[] {
  const sizes = readSizes(find(table, 'stsz'))
  const offsets = readOffsets(table, sizes)
  const durations = readRuns(find(table, 'stts'), sizes.length)
  const delays = readRuns(find(table, 'ctts'), sizes.length)
  const sync = find(table, 'stss')
  const keys =
    sync === null
      ? null
      : new Set(Array.from({ length: sync.getUint32(4) }, (_, i) => sync.getUint32(8 + 4 * i) - 1))
  let time = -shift
  return sizes.map((size, i) => {
    const dts = time
    time += durations[i] ?? 0
    return {
      offset: offsets[i] ?? 0,
      size,
      dts,
      pts: dts + (delays[i] ?? 0),
      isKey: keys === null || keys.has(i),
    }
  })
}

function readSizes(stsz: DataView | null): number[] {
  if (stsz === null) return []
  const common = stsz.getUint32(4)
  return Array.from({ length: stsz.getUint32(8) }, (_, i) =>
    common !== 0 ? common : stsz.getUint32(12 + 4 * i),
  )
}

/** Run-length pairs (count, value); value signed, as version 1 of ctts has it. */
function readRuns(box: DataView | null, length: number): number[] {
  const values: number[] = []
  if (box === null) return values
  const count = box.getUint32(4)
  for (let i = 0; i < count && values.length < length; i += 1) {
    const run = box.getUint32(8 + 8 * i)
    const value = box.getInt32(12 + 8 * i)
    for (let k = 0; k < run && values.length < length; k += 1) values.push(value)
  }
  return values
}

function readOffsets(table: DataView, sizes: readonly number[]): number[] {
  const wide = find(table, 'co64')
  const narrow = find(table, 'stco')
  const stsc = find(table, 'stsc')
  const chunks = wide ?? narrow
  if (chunks === null || stsc === null) return []
  const chunkCount = chunks.getUint32(4)
  const runs = Array.from({ length: stsc.getUint32(4) }, (_, i) => ({
    firstChunk: stsc.getUint32(8 + 12 * i),
    samples: stsc.getUint32(12 + 12 * i),
  }))
  const offsets: number[] = []
  let run = 0
  for (let chunk = 1; chunk <= chunkCount; chunk += 1) {
    while (chunk >= (runs[run + 1]?.firstChunk ?? Infinity)) run += 1
    let at = wide === null ? chunks.getUint32(4 + 4 * chunk) : Number(chunks.getBigUint64(8 * chunk))
    for (let i = 0; i < (runs[run]?.samples ?? 0) && offsets.length < sizes.length; i += 1) {
      offsets.push(at)
      at += sizes[offsets.length - 1] ?? 0
    }
  }
  return offsets
}

/** Finds the `moov` box in a whole file. */
export function readMp4(file: Uint8Array): Result<Mp4Index> {
  const moov = find(new DataView(file.buffer, file.byteOffset, file.byteLength), 'moov')
  return moov === null
    ? fail('dataset/damaged', 'the mp4 has no moov box')
    : readMp4Movie(new Uint8Array(moov.buffer, moov.byteOffset, moov.byteLength))
}

/** What is wrong with a file that should hold exactly `frames` pictures at `fps`, in our timing; null when nothing is. */
export function findVideoProblem(index: Mp4Index, frames: number, fps: number): string | null {
  if (index.samples.length !== frames) return `${index.samples.length} pictures for ${frames} rows`
  const ticks = index.timeScale / fps
  if (!Number.isInteger(ticks)) return `time scale ${index.timeScale} is no multiple of ${fps}`
  if (index.durationTicks !== frames * ticks)
    return `duration of ${index.durationTicks} ticks for ${frames} frames of ${ticks}`
  const wrong = index.samples.findIndex((sample, i) => sample.pts !== i * ticks)
  if (wrong >= 0) return `picture ${wrong} is shown at tick ${index.samples[wrong]?.pts ?? -1}`
  return index.samples[0]?.isKey === true ? null : 'the first picture is no key frame'
}
