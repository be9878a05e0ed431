import { describe, expect, it } from 'vitest'
import type { Command } from '#renderer/keys/command.ts'
import { CommandRegistry } from '#renderer/keys/command-registry.ts'

const command = (id: string, run: () => void = () => undefined): Command => ({
  id,
  title: id,
  chords: ['A'],
  press: 'down',
  availability: 'ready',
  run,
})

describe('CommandRegistry', () => {
  it('lists the newest scope first, so that a screen wins over the frame', () => {
    const registry = new CommandRegistry()
    registry.set('frame', [command('frame')])
    registry.set('screen', [command('screen')])
    expect(registry.list().map((c) => c.id)).toEqual(['screen', 'frame'])
  })

  it('tells listeners only when something visible changed, but always runs the newest closure', () => {
    const registry = new CommandRegistry()
    let told = 0
    let ran = ''
    registry.subscribe(() => {
      told += 1
    })
    registry.set('screen', [command('a', () => (ran = 'old'))])
    registry.set('screen', [command('a', () => (ran = 'new'))])
    expect(told).toBe(1)
    registry.list()[0]?.run()
    expect(ran).toBe('new')
  })

  it('keeps the shown list the same object until it changes', () => {
    const registry = new CommandRegistry()
    registry.set('screen', [command('a')])
    const before = registry.shown()
    registry.set('screen', [command('a')])
    expect(registry.shown()).toBe(before)
    registry.clear('screen')
    expect(registry.shown()).toEqual([])
  })
})
