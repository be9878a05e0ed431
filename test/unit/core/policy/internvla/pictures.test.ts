import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bicubicMatrix, bilinearMatrix } from '#core/policy/internvla/resize-matrix.ts'
import { fitInto, padResize, type RgbPicture } from '#core/policy/pad-resize.ts'
import { goldenRoot, largestDifference, loadGolden } from './golden.ts'

interface PictureCase {
  readonly height: number
  readonly width: number
  readonly sha256_hwc_bytes: string
  readonly inner_height: number
  readonly inner_width: number
  readonly pad_top: number
  readonly pad_left: number
}

const cases = JSON.parse(readFileSync(new URL('preprocess/cases.json', goldenRoot), 'utf8')) as {
  images: PictureCase[]
}
const expected = loadGolden('preprocess/expected.safetensors')

/** The picture that the reference data defines by a formula. */
function picture({ width, height }: PictureCase): RgbPicture {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++)
        data[(y * width + x) * 3 + c] = (((x * (7 + c) + y * (13 - 2 * c)) ^ ((x * y) >> 5)) + 40 * c) & 255
    }
  }
  return { width, height, data }
}

/** Every `step`-th row and column from `first`, of planes [3, side, side]. */
const thinned = (planes: Float32Array, side: number, first: number, step: number): number[] => {
  const out: number[] = []
  for (let c = 0; c < 3; c++) {
    for (let y = first; y < side; y += step)
      for (let x = first; x < side; x += step) out.push(planes[(c * side + y) * side + x] ?? 0)
  }
  return out
}

/** matrix · plane · matrixᵀ for each of three planes. */
function scaled(planes: Float32Array, matrix: Float32Array, from: number, to: number): Float32Array {
  const out = new Float32Array(3 * to * to)
  for (let c = 0; c < 3; c++) {
    const rows = new Float64Array(to * from)
    for (let y = 0; y < to; y++) {
      for (let k = 0; k < from; k++) {
        const weight = matrix[y * from + k] ?? 0
        if (weight !== 0)
          for (let x = 0; x < from; x++)
            rows[y * from + x] = (rows[y * from + x] ?? 0) + weight * (planes[(c * from + k) * from + x] ?? 0)
      }
    }
    for (let y = 0; y < to; y++) {
      for (let x = 0; x < to; x++) {
        let sum = 0
        for (let k = 0; k < from; k++) sum += (matrix[x * from + k] ?? 0) * (rows[y * from + k] ?? 0)
        out[(c * to + y) * to + x] = sum
      }
    }
  }
  return out
}

const enlarging = bicubicMatrix(224, 256)
/** Of one float32 near 1 and the next; places rounded in another order would differ by five times as much and more. */
const rounding = 2e-7

describe.each(cases.images)('a picture of $height × $width', (image) => {
  const name = `${image.height}x${image.width}`
  const source = picture(image)
  const resized = padResize(source, 224)

  it('is the one of the reference data', () => {
    expect(createHash('sha256').update(source.data).digest('hex')).toBe(image.sha256_hwc_bytes)
  })

  it('is fitted where the official code fits it', () => {
    expect(fitInto(224, image.width, image.height)).toEqual({
      width: image.inner_width,
      height: image.inner_height,
      left: image.pad_left,
      top: image.pad_top,
    })
  })

  it('has the official pixels at 224 and 448', () => {
    expect(
      largestDifference(thinned(resized, 224, 3, 8), expected.get(`${name}.resized224.s8`).data),
    ).toBeLessThan(rounding)
    expect(
      largestDifference(
        thinned(padResize(source, 448), 448, 7, 16),
        expected.get(`${name}.resized448.s16`).data,
      ),
    ).toBeLessThan(rounding)
    const row = Array.from({ length: 3 }, (_, c) =>
      Array.from(resized.subarray((c * 224 + 112) * 224, (c * 224 + 113) * 224)),
    ).flat()
    expect(largestDifference(row, expected.get(`${name}.resized224.row112`).data)).toBeLessThan(rounding)
  })

  it('has the official pixels for the vision tower and for Cosmos', () => {
    const forVision = scaled(resized, enlarging, 224, 256).map((value) => 2 * value - 1)
    expect(
      largestDifference(thinned(forVision, 256, 3, 8), expected.get(`${name}.vlm256.s8`).data),
    ).toBeLessThan(2e-5)
    const forCosmos = scaled(resized, bilinearMatrix(224, 256), 224, 256).map((value) => 2 * value - 1)
    expect(
      largestDifference(thinned(forCosmos, 256, 3, 8), expected.get(`${name}.cosmos256.s8`).data),
    ).toBeLessThan(2e-5)
  })
})

describe('the enlarging matrix', () => {
  it('is the official one', () => {
    expect(largestDifference(enlarging, expected.get('bicubic_aa_224_to_256').data)).toBeLessThan(1e-6)
  })

  it('is refused for making a picture smaller, which needs a wider kernel', () => {
    expect(() => bicubicMatrix(256, 224)).toThrow('only enlarges')
  })
})
