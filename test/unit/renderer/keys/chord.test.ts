import { describe, expect, it } from 'vitest'
import { capsOf, chordsOf, type KeyPress } from '#renderer/keys/chord.ts'

const press = (key: string, code: string, mods: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  isCtrl: false,
  isShift: false,
  isAlt: false,
  ...mods,
})

describe('chordsOf', () => {
  it('writes a letter by what the key types, so that a moved key keeps its letter', () => {
    expect(chordsOf(press('a', 'KeyQ'))).toEqual(['A'])
  })

  it('writes a letter by its place where the layout or an input method types none', () => {
    expect(chordsOf(press('т', 'KeyN'))).toContain('N')
    expect(chordsOf(press('Process', 'KeyS'))).toContain('S')
  })

  it('names the space bar', () => {
    expect(chordsOf(press(' ', 'Space'))).toEqual(['Space'])
  })

  it('writes a shifted sign as itself and as the key under it', () => {
    const chords = chordsOf(press('?', 'Slash', { isShift: true }))
    expect(chords).toContain('?')
    expect(chords).toContain('Shift+/')
  })

  it('keeps Shift on a comma, whatever it types', () => {
    expect(chordsOf(press('<', 'Comma', { isShift: true }))).toContain('Shift+,')
  })

  it('puts Ctrl before Alt before Shift', () => {
    expect(chordsOf(press('Z', 'KeyZ', { isCtrl: true, isAlt: true, isShift: true }))).toEqual([
      'Ctrl+Alt+Shift+Z',
    ])
  })

  it('reads digits of the number pad like those of the row', () => {
    expect(chordsOf(press('1', 'Numpad1'))).toContain('1')
  })

  it('leaves named keys as they are', () => {
    expect(chordsOf(press('ArrowRight', 'ArrowRight'))).toEqual(['ArrowRight'])
    expect(chordsOf(press('F6', 'F6', { isShift: true }))).toEqual(['Shift+F6'])
  })

  it('never mistakes a plain letter for a chord with Ctrl', () => {
    expect(chordsOf(press('z', 'KeyZ', { isCtrl: true }))).not.toContain('Z')
  })
})

describe('capsOf', () => {
  it('prints arrows as arrows and long names short', () => {
    expect(capsOf('ArrowRight')).toEqual(['→'])
    expect(capsOf('Ctrl+Z')).toEqual(['Ctrl', 'Z'])
    expect(capsOf('Escape')).toEqual(['Esc'])
  })
})
