import { crc32 as zlibCrc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '#core/dataset/crc32.ts'
import { encodeTakeFrame, readTakeFrames, type TakeFrame, takeFrameBytes } from '#core/dataset/take-frame.ts'
import { encodeHistogram, sumHistograms } from '#core/dataset/take-histogram.ts'
import {
  decodeTakeRow,
  encodeTakeRow,
  readTakeRows,
  type TakeRow,
  takeRowBytes,
} from '#core/dataset/take-row.ts'

const layout = { joints: 3, sideValues: 2 }
const vector = (length: number) => fc.float32Array({ minLength: length, maxLength: length, noNaN: true })
const rowArbitrary: fc.Arbitrary<TakeRow> = fc.record({
  frame: fc.nat(),
  readUs: fc.double({ min: 0, max: 2 ** 52, noNaN: true }),
  ticks: fc.nat({ max: 1000 }),
  source: fc.nat({ max: 3 }),
  isIntervention: fc.boolean(),
  isStale: fc.boolean(),
  state: vector(3),
  action: vector(3),
  requested: vector(3),
  side: vector(2),
})

function journal(rows: readonly TakeRow[]): Uint8Array {
  const bytes = new Uint8Array(rows.length * takeRowBytes(layout))
  rows.forEach((row, i) =>
    encodeTakeRow({ ...row, frame: i }, layout, new DataView(bytes.buffer), i * takeRowBytes(layout)),
  )
  return bytes
}

describe('row journal', () => {
  it('reads back every row it wrote', () => {
    fc.assert(
      fc.property(rowArbitrary, (row) => {
        const bytes = new Uint8Array(takeRowBytes(layout))
        encodeTakeRow(row, layout, new DataView(bytes.buffer), 0)
        expect(decodeTakeRow(layout, new DataView(bytes.buffer), 0)).toEqual(row)
      }),
    )
  })

  it('keeps every whole row before a cut or a flipped bit, and none after', () => {
    const size = takeRowBytes(layout)
    fc.assert(
      fc.property(
        fc.array(rowArbitrary, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.boolean(),
        (rows, where, isCut) => {
          const bytes = journal(rows)
          const at = where % bytes.length
          const damaged = isCut ? bytes.subarray(0, at) : bytes
          if (!isCut) damaged[at]! ^= 1 << (where & 7)
          const read = readTakeRows(layout, damaged)
          expect(read).toHaveLength(Math.floor(at / size))
          expect(read.map((r) => r.readUs)).toEqual(rows.slice(0, read.length).map((r) => r.readUs))
        },
      ),
    )
  })
})

describe('picture journal', () => {
  const frames: TakeFrame[] = [10, 20, 5].map((size, frame) => ({
    frame,
    offset: [0, 10, 30][frame] ?? 0,
    size,
    captureUs: 1e12 + frame,
    uncertaintyUs: 150,
    isKey: frame === 0,
    isRepeat: frame === 2,
    sampleCrc: 0xffff_fff0 + frame,
  }))
  const index = new Uint8Array(Buffer.concat(frames.map(encodeTakeFrame)))

  it('reads back every picture it wrote', () => {
    expect(readTakeFrames(index, 35)).toEqual(frames)
  })

  it('ends before the first picture whose sample is not all there', () => {
    expect(readTakeFrames(index, 34)).toHaveLength(2)
    expect(readTakeFrames(index, 9)).toHaveLength(0)
  })

  it('ends before a torn or misplaced record', () => {
    expect(readTakeFrames(index.subarray(0, 2 * takeFrameBytes + 7), 35)).toHaveLength(2)
    const swapped = new Uint8Array(
      Buffer.concat([frames[0], frames[2]].flatMap((f) => (f === undefined ? [] : [encodeTakeFrame(f)]))),
    )
    expect(readTakeFrames(swapped, 35)).toHaveLength(1)
    const gap = frames.map((f) => encodeTakeFrame(f.frame === 1 ? { ...f, offset: 11 } : f))
    expect(readTakeFrames(new Uint8Array(Buffer.concat(gap)), 99)).toHaveLength(1)
  })
})

describe('histogram journal', () => {
  const counts = Uint32Array.from({ length: 768 }, (_, i) => i)

  it('sums the sampled pictures of the frames that count', () => {
    const bytes = new Uint8Array(Buffer.concat([0, 15, 30].map((frame) => encodeHistogram(frame, counts))))
    const { counts: sum, pictures } = sumHistograms(bytes, 30)
    expect(pictures).toBe(2)
    expect(sum[767]).toBe(2 * 767)
  })

  it('stops at a torn record', () => {
    const bytes = new Uint8Array(
      Buffer.concat([encodeHistogram(0, counts), encodeHistogram(1, counts).subarray(0, 100)]),
    )
    expect(sumHistograms(bytes, 30).pictures).toBe(1)
  })
})

describe('checksum', () => {
  it('is the one of zlib', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes))
      }),
    )
  })
})
