import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSafetensorsHeader, readHeaderLength } from '#core/onnx/safetensors-header.ts'
import { parseCase, widthOf } from '#core/policy/case/case-description.ts'
import { encodeSafetensors } from '#core/policy/case/encode-safetensors.ts'
import { booleans, floats, integers, type CaseTensor } from '#core/policy/case/named-tensor.ts'
import { cosmosInput, patchRows, sampledPatches } from '#core/policy/case/picture-trace.ts'
import { padResize, type RgbPicture } from '#core/policy/pad-resize.ts'
import { thinned } from '#core/policy/case/thinning.ts'
import { largestDifference, loadGolden } from '../internvla/golden.ts'

const golden = loadGolden('preprocess/expected.safetensors')
const tinyCase = new URL('../../../../fixtures/internvla-a1/tiny-3b/cases/two-views/', import.meta.url)

describe('a safetensors file that we write', () => {
  it('is read back as it was, whatever the names and sizes', () => {
    const numbers = fc.array(fc.float({ noNaN: true }), { maxLength: 9 })
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), numbers), (given) => {
        const tensors = new Map(
          Object.entries(given)
            .filter(([name]) => name !== '__metadata__')
            .map(([name, data]) => [name, floats([data.length], data)] as const),
        )
        const bytes = encodeSafetensors(tensors)
        const length = readHeaderLength(bytes.subarray(0, 8), bytes.length)
        if (!length.ok) throw new Error(length.error.message)
        const text = new TextDecoder().decode(bytes.subarray(8, 8 + length.value))
        const header = parseSafetensorsHeader(text, length.value, bytes.length)
        if (!header.ok) throw new Error(header.error.message)
        expect(length.value % 8).toBe(0)
        for (const [name, tensor] of tensors) {
          const entry = header.value.tensors.get(name)
          const data = bytes.slice(entry?.offset, (entry?.offset ?? 0) + (entry?.length ?? 0))
          expect(new Float32Array(data.buffer)).toEqual(tensor.data)
        }
      }),
    )
  })
})

describe('a case', () => {
  it('names the robot, its features and their sizes', () => {
    const found = parseCase(readFileSync(new URL('case.json', tinyCase), 'utf8'))
    if (!found.ok) throw new Error(found.error.message)
    expect(found.value).toMatchObject({ robot_type: 'franka', stats_key: 'franka' })
    expect(widthOf(found.value, found.value.state_features)).toBe(8)
  })

  it.each([
    '',
    '{}',
    '{"task":"a","robot_type":"x","feature_dims":{},"image_mapping":{},"state_features":["s"],"action_features":["a"]}',
  ])('is refused with what is wrong: %s', (text) => {
    expect(parseCase(text)).toMatchObject({ ok: false, error: { code: 'policy/case-invalid' } })
  })
})

describe('thinned tensors', () => {
  const grid = (side: number): CaseTensor =>
    floats(
      [2, side, side],
      Array.from({ length: 2 * side * side }, (_, index) => index),
    )
  const copy = (name: string, tensor: CaseTensor, copied: string): CaseTensor | undefined =>
    thinned(name, tensor).find(([found]) => found === copied)?.[1]

  it('keep the rows and columns that the reference data keeps', () => {
    const pictures = copy('images.resized', grid(16), 'images.resized.s8')
    expect(pictures?.shape).toEqual([2, 2, 2])
    expect(Array.from(pictures?.data ?? [], Number).slice(0, 4)).toEqual([
      3 * 16 + 3,
      3 * 16 + 11,
      11 * 16 + 3,
      11 * 16 + 11,
    ])
    const latents = copy('cosmos.latents', grid(4), 'cosmos.latents.s2')
    expect(Array.from(latents?.data ?? [], Number).slice(0, 4)).toEqual([4, 6, 12, 14])
    const view = copy('foresight.images.view0', grid(8), 'foresight.images.view0.s4')
    expect(Array.from(view?.data ?? [], Number).slice(0, 4)).toEqual([10, 14, 42, 46])
  })

  it('keep every N-th token', () => {
    const keys = floats(
      [2, 5, 1],
      Array.from({ length: 10 }, (_, index) => index),
    )
    const rows = copy('prefix.k.0', keys, 'prefix.k.0.rows2')
    expect(rows?.shape).toEqual([2, 3, 1])
    expect(Array.from(rows?.data ?? [], Number)).toEqual([0, 2, 4, 5, 7, 9])
  })

  it('are none of what is small', () => {
    expect(thinned('actions.normalized', floats([2, 2], [1, 2, 3, 4]))).toEqual([])
    expect(thinned('input_ids', integers([1], [1]))).toEqual([])
    expect(thinned('view_mask', booleans([1], [true]))).toEqual([])
  })
})

describe('pictures on their way into the model', () => {
  const side = 224
  /** The 100 × 37 picture that the reference data defines by a formula. */
  const source = (): RgbPicture => {
    const [height, width] = [100, 37]
    const data = new Uint8Array(height * width * 3)
    for (let at = 0; at < data.length; at++) {
      const c = at % 3
      const x = Math.floor(at / 3) % width
      const y = Math.floor(at / 3 / width)
      data[at] = (((x * (7 + c) + y * (13 - 2 * c)) ^ ((x * y) >> 5)) + 40 * c) & 255
    }
    return { width, height, data }
  }

  it('become the official patch rows', () => {
    const rows = patchRows(padResize(source(), side), side, 256, 16, 2)
    const both = [0, 37, 255].flatMap((row) =>
      Array.from({ length: 1536 }, (_, column) => {
        const channel = Math.floor(column / 512)
        return rows[row * 768 + channel * 256 + (column % 256)] ?? Number.NaN
      }),
    )
    expect(largestDifference(both, golden.get('100x37.pixel_values.rows').data)).toBeLessThan(2e-5)
    expect(sampledPatches(rows, 16).shape).toEqual([15, 220])
  })

  it('become the official Cosmos pictures', () => {
    const cosmos = cosmosInput(padResize(source(), side), side, 256)
    const copy = thinned('cosmos.input', cosmos).find(([name]) => name === 'cosmos.input.s8')?.[1]
    expect(
      largestDifference(Array.from(copy?.data ?? [], Number), golden.get('100x37.cosmos256.s8').data),
    ).toBeLessThan(2e-5)
  })
})
