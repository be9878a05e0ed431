import { describe, expect, it } from 'vitest'
import type { CatalogueEntry, CatalogueGroup } from '#renderer/settings/catalogue.ts'
import { chordToKeep, holderOf, rebound, searched, withoutRebinding } from '#renderer/settings/rebind.ts'

const entry = (id: string, ...chords: string[]): CatalogueEntry => ({ id, title: id, chords, press: 'down' })

const keysList = entry('frame.keys', '?', 'F1')
const engage = entry('operate.engage', 'Enter')
const recover = entry('operate.recover', 'Enter')
const hold = entry('operate.hold', 'Space')
const open = entry('review.open', 'Enter')
const groups: readonly CatalogueGroup[] = [
  { id: 'everywhere', title: 'Everywhere', entries: [keysList] },
  { id: 'operate', title: 'Operate', entries: [engage, recover, hold] },
  { id: 'review', title: 'Review', entries: [open] },
]

const press = (key: string, code: string, isShift = false, isCtrl = false) => ({
  key,
  code,
  isShift,
  isCtrl,
  isAlt: false,
})

describe('the chord that is kept', () => {
  it('writes a sign as itself, whatever Shift it needs on this keyboard', () => {
    expect(chordToKeep(press('?', 'Slash', true))).toBe('?')
    expect(chordToKeep(press('S', 'KeyS', true))).toBe('Shift+S')
    expect(chordToKeep(press(' ', 'Space'))).toBe('Space')
    expect(chordToKeep(press('ArrowLeft', 'ArrowLeft', true, true))).toBe('Ctrl+Shift+ArrowLeft')
  })

  it('waits for a key when only a modifier is down', () => {
    for (const key of ['Control', 'Shift', 'Alt', 'Meta']) expect(chordToKeep(press(key, key))).toBeNull()
  })
})

describe('who holds a chord', () => {
  it('names the command of the same screen or of everywhere', () => {
    expect(holderOf('Space', engage, 'operate', groups, {})).toBe(hold)
    expect(holderOf('F1', engage, 'operate', groups, {})).toBe(keysList)
  })

  it('does not mind the same key on another screen', () => {
    expect(holderOf('Enter', hold, 'operate', groups, {})).toBe(engage)
    expect(holderOf('Space', open, 'review', groups, {})).toBeNull()
  })

  it('minds every screen for a key of everywhere', () => {
    expect(holderOf('Space', keysList, 'everywhere', groups, {})).toBe(hold)
  })

  it('lets commands share a key that they share as shipped', () => {
    expect(holderOf('Enter', engage, 'operate', groups, { 'operate.engage': 'E' })).toBeNull()
  })

  it('goes by the keys as they are bound now', () => {
    const rebindings = { 'operate.hold': 'H' }
    expect(holderOf('Space', engage, 'operate', groups, rebindings)).toBeNull()
    expect(holderOf('H', engage, 'operate', groups, rebindings)).toBe(hold)
  })
})

describe('the settings after a change', () => {
  it('keep only what differs from the shipped keys', () => {
    expect(rebound({}, hold, 'H')).toEqual({ 'operate.hold': 'H' })
    expect(rebound({ 'operate.hold': 'H', x: 'Y' }, hold, 'Space')).toEqual({ x: 'Y' })
  })

  it('remember a choice of one of several shipped keys, because the others stop working', () => {
    expect(rebound({}, keysList, '?')).toEqual({ 'frame.keys': '?' })
  })

  it('forget a command that was reset', () => {
    expect(withoutRebinding({ a: 'B', c: 'D' }, 'a')).toEqual({ c: 'D' })
  })
})

describe('searching commands', () => {
  it('finds by name and by the key as it is bound, and drops empty groups', () => {
    expect(searched(groups, 'engage', {}).map((group) => group.id)).toEqual(['operate'])
    expect(searched(groups, 'enter', {}).flatMap((group) => group.entries)).toEqual([engage, recover, open])
    expect(searched(groups, 'h', { 'operate.hold': 'H' }).flatMap((g) => g.entries)).toContain(hold)
    expect(searched(groups, ' ', {})).toBe(groups)
  })
})
