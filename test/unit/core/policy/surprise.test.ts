import { describe, expect, it } from 'vitest'
import { pictureCells, type PictureCells } from '#core/policy/picture-cells.ts'
import { overallSurprise, viewSurprise } from '#core/policy/surprise.ts'
import { padResize } from '#core/policy/pad-resize.ts'
import { noiseSource } from './noise-source.ts'

const size = { width: 320, height: 240 }

interface Scene {
  /** Left edge of a red block of a quarter of the height. */
  readonly block: number
  readonly gain?: number
  readonly noise?: number
  readonly seed?: number
}

/** A table with a soft gradient and a block on it, through the same way as real pictures. */
function cellsOf({ block, gain = 1, noise = 0, seed = 1 }: Scene): PictureCells {
  const draw = noiseSource(seed)
  const data = new Uint8Array(3 * size.width * size.height)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const isBlock = x >= block && x < block + 60 && y >= 120 && y < 180
      const table = 90 + 0.2 * x + 0.15 * y
      const colour = isBlock ? [200, 40, 30] : [table, table, table * 0.9]
      for (const [c, value] of colour.entries())
        data[3 * (y * size.width + x) + c] = Math.max(0, Math.min(255, gain * value + noise * (draw() - 0.5)))
    }
  }
  return pictureCells({ width: 224, height: 224, planes: padResize({ ...size, data }, 224) }, size, 1)
}

const still = cellsOf({ block: 60 })
const moved = cellsOf({ block: 110 })

describe('surprise', () => {
  it('is zero when what was foreseen came', () => {
    expect(viewSurprise(moved, moved, still).score).toBe(0)
    expect([...viewSurprise(moved, moved, still).map].every((error) => error === 0)).toBe(true)
  })

  it('of a block that was shoved is far above that of noise', () => {
    const noisy = viewSurprise(
      cellsOf({ block: 60, noise: 20 }),
      cellsOf({ block: 60, noise: 20, seed: 2 }),
      still,
    )
    const shoved = viewSurprise(still, cellsOf({ block: 110, noise: 20 }), still)
    expect(noisy.score).toBeLessThan(0.15)
    expect(shoved.score).toBeGreaterThan(0.5)
  })

  it('is as high for a motion that did not come as for one that was not foreseen', () => {
    const stuck = viewSurprise(moved, still, still).score
    const unforeseen = viewSurprise(still, moved, still).score
    expect(stuck).toBeGreaterThan(0.5)
    expect(Math.abs(stuck - unforeseen)).toBeLessThan(0.1)
  })

  it('is low for a motion that was foreseen but for a few pixels', () => {
    const nearly = viewSurprise(cellsOf({ block: 112 }), moved, still).score
    expect(nearly).toBeLessThan(0.35)
    expect(nearly).toBeLessThan(viewSurprise(still, moved, still).score / 2)
  })

  it('does not mind a light that was switched on', () => {
    const brighter = cellsOf({ block: 60, gain: 1.2 })
    expect(viewSurprise(still, brighter, still).score).toBeLessThan(0.1)
  })

  it('sees a shoved block in changed light too', () => {
    expect(viewSurprise(still, cellsOf({ block: 110, gain: 1.15 }), still).score).toBeGreaterThan(0.5)
  })

  it('maps where it differed: the old and the new place of the block', () => {
    const { map } = viewSurprise(still, moved, still)
    const at = (x: number, y: number): number => map[Math.floor(y / 5) * still.width + Math.floor(x / 5)] ?? 0
    expect(at(70, 150)).toBeGreaterThan(60)
    expect(at(160, 150)).toBeGreaterThan(60)
    expect(at(115, 150)).toBeLessThan(5)
    expect(at(20, 20)).toBeLessThan(5)
  })

  it('refuses pictures of two shapes', () => {
    const other = pictureCells(
      { width: 8, height: 8, planes: new Float32Array(192) },
      { width: 8, height: 8 },
      1,
    )
    expect(() => viewSurprise(other, still, still)).toThrow(RangeError)
  })

  it('over all views is that of the worst', () => {
    expect(overallSurprise([{ score: 0.1 }, { score: 0.4 }, { score: 0.2 }])).toBe(0.4)
    expect(overallSurprise([])).toBe(0)
  })
})

describe('cells of a picture', () => {
  it('cover the picture and not its padding, alike at the size seen and at the size predicted', () => {
    const grey = new Uint8Array(3 * size.width * size.height).fill(200)
    const seen = pictureCells(
      { width: 224, height: 224, planes: padResize({ ...size, data: grey }, 224) },
      size,
      1,
    )
    const foreseen = pictureCells(
      { width: 256, height: 256, planes: padResize({ ...size, data: grey }, 256) },
      size,
      1,
    )
    expect([seen.width, seen.height]).toEqual([64, 48])
    expect([foreseen.width, foreseen.height]).toEqual([64, 48])
    for (const value of [...seen.planes, ...foreseen.planes]) expect(value).toBeCloseTo(200 / 255, 5)
  })

  it('take numbers of any scale', () => {
    const planes = Uint16Array.from({ length: 12 }, (_, i) => 5000 * i)
    const wide = pictureCells({ width: 2, height: 2, planes }, { width: 2, height: 2 }, 65535)
    expect(wide.planes[0]).toBe(0)
    expect(wide.planes.at(-1)).toBeCloseTo(55000 / 65535, 6)
  })
})
