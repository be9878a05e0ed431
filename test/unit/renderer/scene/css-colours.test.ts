import { describe, expect, it } from 'vitest'
import { parseColour } from '#renderer/scene/css-colours.ts'

describe('parseColour', () => {
  it('reads the forms that tokens use, as the numbers are written', () => {
    const bytes = (css: string): number[] =>
      parseColour(css)
        .toArray()
        .map((part) => Math.round(part * 255))
    expect(bytes('#3ddbb8')).toEqual([0x3d, 0xdb, 0xb8])
    expect(bytes('#fff')).toEqual([255, 255, 255])
    expect(bytes('rgb(10 20 30 / 0.22)')).toEqual([10, 20, 30])
    expect(bytes('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3])
    expect(bytes('')).toEqual([0, 0, 0])
  })
})
