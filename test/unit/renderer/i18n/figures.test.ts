import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockFigure, fixed, hoursMinutes, jointFigure } from '#renderer/i18n/figures.ts'

describe('fixed', () => {
  it('writes a real minus', () => {
    expect(fixed(-11.34, 1)).toBe('−11.3')
  })

  it('never writes a negative zero', () => {
    expect(fixed(-0.04, 1)).toBe('0.0')
    fc.assert(fc.property(fc.double({ min: -0.049, max: 0.049, noNaN: true }), (x) => fixed(x, 1) === '0.0'))
  })
})

describe('jointFigure', () => {
  it('writes revolute joints in degrees and grippers from 0 to 1', () => {
    expect(jointFigure(Math.PI / 4, false)).toBe('45.0°')
    expect(jointFigure(0.75, true)).toBe('0.75')
  })
})

describe('clockFigure', () => {
  it('counts minutes, seconds and tenths', () => {
    expect(clockFigure(0)).toBe('00:00.0')
    expect(clockFigure(12.44)).toBe('00:12.4')
    expect(clockFigure(61)).toBe('01:01.0')
    expect(clockFigure(3723)).toBe('1:02:03')
  })

  it('never runs ahead of the time, never goes negative, never goes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 35_000 }), (tenths) => {
        const [minutes = '0', seconds = '0'] = clockFigure(tenths / 10).split(':')
        expect(Number(minutes) * 60 + Number(seconds)).toBeCloseTo(tenths / 10, 5)
      }),
    )
    expect(clockFigure(-3)).toBe('00:00.0')
  })
})

describe('hoursMinutes', () => {
  it('rounds down, because the disk must last', () => {
    expect(hoursMinutes(6 * 3600 + 12 * 60 + 59)).toEqual({ hours: 6, minutes: 12 })
    expect(hoursMinutes(-5)).toEqual({ hours: 0, minutes: 0 })
  })
})
