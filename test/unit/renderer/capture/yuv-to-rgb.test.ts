import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { i420Size, rgbxToI420 } from '#renderer/capture/video-range.ts'
import { yuvToRgb } from '#renderer/capture/yuv-to-rgb.ts'

const byte = fc.integer({ min: 0, max: 255 })
const [width, height] = [4, 4]
const i420Planes = [
  { offset: 0, stride: 4 },
  { offset: 16, stride: 2 },
  { offset: 20, stride: 2 },
]

describe('yuvToRgb', () => {
  it('gives back any colour that was made into I420, within its eight bits', () => {
    fc.assert(
      fc.property(byte, byte, byte, (r, g, b) => {
        const rgbx = Uint8Array.from({ length: 4 * 16 }, (_, i) => [r, g, b, 0][i % 4] ?? 0)
        const data = new Uint8Array(i420Size(width, height))
        rgbxToI420(rgbx, { width, height }, 'top-down', data)
        const rgb = yuvToRgb({ format: 'I420', width, height, data, planes: i420Planes, matrix: 'bt601' })
        return rgb.data.every((value, i) => Math.abs(value - ([r, g, b][i % 3] ?? 0)) <= 3)
      }),
    )
  })

  it('reads pairs of chroma as it reads two planes, and planes with room at the end of rows', () => {
    const luma = Array.from({ length: 16 }, (_, i) => 40 + 10 * i)
    const [us, vs] = [
      [100, 110, 120, 130],
      [140, 150, 160, 170],
    ]
    const planar = Uint8Array.from([...luma, ...us, ...vs])
    const padded = Uint8Array.from([0, 1, 2, 3].flatMap((row) => [...luma.slice(4 * row, 4 * row + 4), 7, 7]))
    const pairs = us.flatMap((u, i) => [u, vs[i] ?? 0])
    const expected = yuvToRgb({
      format: 'I420',
      width,
      height,
      data: planar,
      planes: i420Planes,
      matrix: 'bt709',
    })
    const actual = yuvToRgb({
      format: 'NV12',
      width,
      height,
      data: Uint8Array.from([...padded, ...pairs]),
      planes: [
        { offset: 0, stride: 6 },
        { offset: 24, stride: 4 },
      ],
      matrix: 'bt709',
    })
    expect(actual).toEqual(expected)
  })

  it('keeps white, black and the primary colours of BT.709', () => {
    const one = (y: number, u: number, v: number): number[] => [
      ...yuvToRgb({
        format: 'I444',
        width: 1,
        height: 1,
        data: Uint8Array.of(y, u, v),
        planes: [0, 1, 2].map((offset) => ({ offset, stride: 1 })),
        matrix: 'bt709',
      }).data,
    ]
    expect(one(235, 128, 128)).toEqual([255, 255, 255])
    expect(one(16, 128, 128)).toEqual([0, 0, 0])
    for (const [c, value] of one(63, 102, 240).entries())
      expect(Math.abs(value - ([255, 0, 0][c] ?? 0))).toBeLessThanOrEqual(2)
  })
})
