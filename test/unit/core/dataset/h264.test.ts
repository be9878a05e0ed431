import { describe, expect, it } from 'vitest'
import { BitReader } from '#core/dataset/bit-reader.ts'
import { avcConfig, parseAccessUnit, parseAvcConfig, parseSps } from '#core/dataset/h264.ts'
import { unwrap } from '#core/result.ts'
import { sourceConfig, sourcePictures, toAnnexB } from '#test/fixtures/datasets/h264-source.ts'

const pictures = sourcePictures('front', 1)
const first = pictures[0]?.data ?? new Uint8Array()
const second = pictures[1]?.data ?? new Uint8Array()

describe('H.264 access units', () => {
  it('give the same sample whether they came length-prefixed or as Annex B', () => {
    for (const { data, isKey } of pictures) {
      const prefixed = unwrap(parseAccessUnit(data))
      expect(prefixed).toEqual(unwrap(parseAccessUnit(toAnnexB(data))))
      expect(prefixed.isIdr).toBe(isKey)
    }
  })

  it('give up their parameter sets', () => {
    const unit = unwrap(parseAccessUnit(first))
    expect(unit.sps?.[0]).toBe(0x67)
    expect(unit.pps?.[0]).toBe(0x68)
    expect(unit.sample.length).toBeLessThan(first.length)
    expect(unwrap(parseAccessUnit(second))).toMatchObject({ sps: null, pps: null, isIdr: false })
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['noise', Uint8Array.from([9, 9, 9, 9, 9])],
    ['a length that runs past the end', Uint8Array.from([0, 0, 1, 0, 0x65])],
    ['parameter sets without a picture', Uint8Array.from([0, 0, 0, 2, 0x67, 1])],
  ])('refuse %s', (_what, data) => {
    expect(parseAccessUnit(data)).toMatchObject({ ok: false, error: { code: 'capture/encoder' } })
  })

  it('accept a first unit whose length looks like a start code', () => {
    const body = new Uint8Array(300).fill(7)
    body[0] = 0x65
    const data = Uint8Array.from([0, 0, 1, 44, ...body])
    expect(unwrap(parseAccessUnit(data)).sample).toEqual(data)
  })
})

describe('decoder configuration', () => {
  it("is byte for byte FFmpeg's for the same parameter sets", () => {
    const config = sourceConfig('front')
    const { sps, pps } = unwrap(parseAvcConfig(config))
    expect(avcConfig(sps, pps)).toEqual(config)
  })

  it('tells the size of the pictures, cropping included', () => {
    const { sps } = unwrap(parseAvcConfig(sourceConfig('front')))
    expect(parseSps(sps)).toMatchObject({ width: 160, height: 120, profile: 100, chromaFormat: 1 })
  })

  it('reads a baseline stream, whose record has no extension', () => {
    // Constrained baseline, level 1.1, 320 × 240.
    const sps = Uint8Array.from([
      0x67, 0x42, 0xc0, 0x0b, 0x8c, 0x8d, 0x40, 0xa0, 0xfd, 0x00, 0xf0, 0x88, 0x46, 0xa0,
    ])
    expect(parseSps(sps)).toMatchObject({ profile: 66, level: 11, width: 320, height: 240, chromaFormat: 1 })
    expect(avcConfig(sps, Uint8Array.from([0x68, 0xce]))).toHaveLength(11 + sps.length + 2)
  })

  it.each([
    ['too short', new Uint8Array(4)],
    ['of another version', Uint8Array.from([2, 100, 0, 11, 255, 225, 0, 0, 1, 0, 0])],
    ['cut off', Uint8Array.from([1, 100, 0, 11, 255, 225, 0, 90, 1, 0, 0])],
  ])('refuses a record that is %s', (_what, config) => {
    expect(parseAvcConfig(config)).toMatchObject({ ok: false, error: { code: 'capture/encoder' } })
  })
})

describe('bit reader', () => {
  it('reads Exp-Golomb codes', () => {
    // 1 | 010 | 011 | 00100 | 00101
    const reader = new BitReader(Uint8Array.from([0, 0b10100110, 0b01000010, 0b10000000]))
    expect([
      reader.unsigned(),
      reader.unsigned(),
      reader.unsigned(),
      reader.unsigned(),
      reader.signed(),
    ]).toEqual([0, 1, 2, 3, -2])
  })

  it('skips emulation prevention bytes', () => {
    const reader = new BitReader(Uint8Array.from([0x67, 0, 0, 3, 1]))
    expect(reader.bits(24)).toBe(1)
  })
})
