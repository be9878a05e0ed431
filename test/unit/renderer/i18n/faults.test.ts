import { describe, expect, it } from 'vitest'
import { faultCodes } from '#core/errors.ts'
import { faultDetails, faultText, faultTextOf } from '#renderer/i18n/faults.ts'

describe('faults in words', () => {
  it.each(['en', 'zh'] as const)('says what happened and what to do for every code, in %s', (language) => {
    for (const code of faultCodes) {
      const { what, todo } = faultText(code, language)
      expect(what.length, code).toBeGreaterThan(1)
      expect(todo.length, code).toBeGreaterThan(1)
    }
  })

  it('gives every code a title of its own', () => {
    for (const language of ['en', 'zh'] as const) {
      const titles = faultCodes.map((code) => faultText(code, language).what)
      expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
    }
  })

  it('keeps the house style: no exclamation marks, no "please", Chinese in Chinese', () => {
    for (const code of faultCodes) {
      const english = `${faultText(code, 'en').what} ${faultText(code, 'en').todo}`
      const chinese = faultText(code, 'zh').what
      expect(english, code).not.toMatch(/!|please|successfully|oops/iu)
      expect(chinese, code).toMatch(/\p{Script=Han}/u)
    }
  })

  it('does not know codes that are not ours', () => {
    expect(faultTextOf('something/else', 'en')).toBeNull()
    expect(faultTextOf('toString', 'en')).toBeNull()
    expect(faultTextOf('bus/timeout', 'zh')).toEqual(faultText('bus/timeout', 'zh'))
  })

  it('names what a fault is about, most telling first, and nothing else', () => {
    expect(faultDetails({ data: { path: '/dev/ttyACM0', joint: 'elbow_flex', secret: 'x' } })).toEqual([
      'elbow_flex',
      '/dev/ttyACM0',
    ])
    expect(faultDetails({ data: { servos: [5, 6] } })).toEqual(['5, 6'])
    expect(faultDetails({})).toEqual([])
  })
})
