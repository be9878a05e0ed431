import { describe, expect, it } from 'vitest'
import { ManualTimers } from '#test/fakes/manual-timers.ts'
import type { Command } from '#renderer/keys/command.ts'
import {
  KeyDispatcher,
  type FocusKind,
  type HoldProgress,
  type KeyDown,
} from '#renderer/keys/key-dispatcher.ts'

interface Given {
  commands?: readonly Command[]
  ownsControls?: boolean
  rebindings?: Record<string, string>
}

function setUp(given: Given = {}) {
  const timers = new ManualTimers()
  const seen = { escapes: [] as boolean[], blocked: [] as string[], holds: [] as (HoldProgress | null)[] }
  const dispatcher = new KeyDispatcher({
    timers,
    commands: () => given.commands ?? [],
    rebindings: () => given.rebindings ?? {},
    ownsControls: () => given.ownsControls ?? true,
    onEscape: (isSecond) => seen.escapes.push(isSecond),
    onBlocked: (command) => seen.blocked.push(command.id),
    onHold: (progress) => seen.holds.push(progress),
  })
  return { timers, seen, dispatcher }
}

const key = (name: string, more: Partial<KeyDown> = {}): KeyDown => ({
  key: name === 'Space' ? ' ' : name,
  code: name.length === 1 ? `Key${name.toUpperCase()}` : name,
  isCtrl: false,
  isShift: false,
  isAlt: false,
  isRepeat: false,
  isComposing: false,
  focus: 'none',
  ...more,
})

const command = (id: string, chord: string, more: Partial<Command> = {}): Command & { runs: number } => {
  const made = {
    id,
    title: id,
    chords: [chord],
    press: 'down' as const,
    availability: 'ready' as const,
    runs: 0,
    run: () => {
      made.runs += 1
    },
    ...more,
  }
  return made
}

describe('escape', () => {
  it.each<[string, Partial<KeyDown>]>([
    ['with nothing focused', {}],
    ['in a text field', { focus: 'field' }],
    ['on a button', { focus: 'control' }],
    ['while an input method composes', { isComposing: true, key: 'Process' }],
  ])('counts %s', (_name, more) => {
    const { dispatcher, seen } = setUp()
    expect(dispatcher.down(key('Escape', more))).toBe(true)
    expect(seen.escapes).toEqual([false])
  })

  it('counts as the second one within 0.6 s, and not later', () => {
    const { dispatcher, seen, timers } = setUp()
    dispatcher.down(key('Escape'))
    timers.advance(600)
    dispatcher.down(key('Escape'))
    timers.advance(100)
    dispatcher.down(key('Escape'))
    timers.advance(601)
    dispatcher.down(key('Escape'))
    expect(seen.escapes).toEqual([false, true, false, false])
  })

  it('is not repeated by a key that stays down', () => {
    const { dispatcher, seen } = setUp()
    dispatcher.down(key('Escape'))
    dispatcher.down(key('Escape', { isRepeat: true }))
    expect(seen.escapes).toEqual([false])
  })

  it('ends a hold that was under way', () => {
    const engage = command('engage', 'Enter', { press: { holdMs: 500 } })
    const { dispatcher, timers } = setUp({ commands: [engage] })
    dispatcher.down(key('Enter'))
    dispatcher.down(key('Escape'))
    timers.advance(1000)
    expect(engage.runs).toBe(0)
  })
})

describe('a tap', () => {
  it('runs on key down, once, however long the key stays down', () => {
    const hold = command('hold', 'Space')
    const { dispatcher } = setUp({ commands: [hold] })
    expect(dispatcher.down(key('Space'))).toBe(true)
    expect(dispatcher.down(key('Space', { isRepeat: true }))).toBe(true)
    expect(hold.runs).toBe(1)
  })

  it('is never followed by a hold of the same press', () => {
    const takeOver = command('takeOver', 'Tab')
    const give = command('give', 'Tab', { press: { holdMs: 500 } })
    const { dispatcher, timers } = setUp({ commands: [takeOver, give] })
    dispatcher.down(key('Tab'))
    timers.advance(2000)
    expect(takeOver.runs).toBe(1)
    expect(give.runs).toBe(0)
  })

  it('goes to the newest scope when two commands share a chord', () => {
    const inner = command('inner', 'Enter')
    const outer = command('outer', 'Enter')
    const { dispatcher } = setUp({ commands: [inner, outer] })
    dispatcher.down(key('Enter'))
    expect([inner.runs, outer.runs]).toEqual([1, 0])
  })

  it('follows a rebinding and leaves the default key', () => {
    const save = command('save', 'ArrowRight')
    const { dispatcher } = setUp({ commands: [save], rebindings: { save: 'K' } })
    expect(dispatcher.down(key('ArrowRight'))).toBe(false)
    dispatcher.down(key('k'))
    expect(save.runs).toBe(1)
  })
})

describe('a hold', () => {
  const engaged = () => command('engage', 'Enter', { press: { holdMs: 500 } })

  it('runs after half a second and not before', () => {
    const engage = engaged()
    const { dispatcher, timers } = setUp({ commands: [engage] })
    dispatcher.down(key('Enter'))
    timers.advance(499)
    expect(engage.runs).toBe(0)
    timers.advance(1)
    expect(engage.runs).toBe(1)
  })

  it('does nothing when the key is released early, and empties its line at once', () => {
    const engage = engaged()
    const { dispatcher, timers, seen } = setUp({ commands: [engage] })
    dispatcher.down(key('Enter'))
    timers.advance(300)
    dispatcher.up('Enter')
    timers.advance(1000)
    expect(engage.runs).toBe(0)
    expect(seen.holds).toEqual([{ commandId: 'engage', holdMs: 500 }, null])
  })

  it('runs once per press', () => {
    const engage = engaged()
    const { dispatcher, timers } = setUp({ commands: [engage] })
    dispatcher.down(key('Enter'))
    timers.advance(5000)
    dispatcher.down(key('Enter', { isRepeat: true }))
    timers.advance(5000)
    expect(engage.runs).toBe(1)
  })

  it('does not run when the command stopped being possible meanwhile', () => {
    const engage = engaged()
    const commands: Command[] = [engage]
    const { dispatcher, timers } = setUp({ commands })
    dispatcher.down(key('Enter'))
    commands[0] = { ...engage, availability: { blockedBy: 'fault' } }
    timers.advance(500)
    expect(engage.runs).toBe(0)
  })

  it('ends when the window loses the focus', () => {
    const engage = engaged()
    const { dispatcher, timers } = setUp({ commands: [engage] })
    dispatcher.down(key('Enter'))
    dispatcher.releaseAll()
    timers.advance(1000)
    expect(engage.runs).toBe(0)
  })

  it('works with the mouse on its button', () => {
    const engage = engaged()
    const { dispatcher, timers } = setUp({ commands: [engage] })
    dispatcher.press('engage')
    timers.advance(500)
    dispatcher.release('engage')
    expect(engage.runs).toBe(1)
  })
})

describe('a command while its key is down', () => {
  it('ends on release', () => {
    let isRunning = false
    const jog = command('jog', 'PageUp', {
      press: 'while',
      run: () => {
        isRunning = true
        return {
          [Symbol.dispose]: () => {
            isRunning = false
          },
        }
      },
    })
    const { dispatcher } = setUp({ commands: [jog] })
    dispatcher.down(key('PageUp'))
    expect(isRunning).toBe(true)
    dispatcher.up('PageUp')
    expect(isRunning).toBe(false)
  })
})

describe('what must wait', () => {
  it('says so and does nothing', () => {
    const start = command('start', 'ArrowRight', { availability: { blockedBy: 'after engage' } })
    const { dispatcher, seen } = setUp({ commands: [start] })
    expect(dispatcher.down(key('ArrowRight'))).toBe(true)
    expect(seen.blocked).toEqual(['start'])
    expect(start.runs).toBe(0)
  })

  it('gives way to a ready command on the same key', () => {
    const blocked = command('blocked', 'Tab', { availability: { blockedBy: 'no policy' } })
    const ready = command('ready', 'Tab')
    const { dispatcher, seen } = setUp({ commands: [blocked, ready] })
    dispatcher.down(key('Tab'))
    expect(ready.runs).toBe(1)
    expect(seen.blocked).toEqual([])
  })
})

describe('focus', () => {
  const cases: [FocusKind, boolean, boolean][] = [
    ['field', true, false],
    ['field', false, false],
    ['control', true, true],
    ['control', false, false],
    ['none', false, true],
    ['form', true, false],
    ['form', false, false],
  ]
  it.each(cases)(
    'on a %s with the arm owning keys = %s, Enter is ours: %s',
    (focus, ownsControls, isOurs) => {
      const engage = command('engage', 'Enter')
      const { dispatcher } = setUp({ commands: [engage], ownsControls })
      expect(dispatcher.down(key('Enter', { focus }))).toBe(isOurs)
      expect(engage.runs).toBe(isOurs ? 1 : 0)
    },
  )

  it('lets a field type letters, but not commands made for fields', () => {
    const take = command('take', 'T')
    const screen = command('screen', 'Ctrl+2', { isForFields: true })
    const { dispatcher } = setUp({ commands: [take, screen] })
    expect(dispatcher.down(key('t', { focus: 'field' }))).toBe(false)
    expect(dispatcher.down(key('2', { code: 'Digit2', focus: 'field', isCtrl: true }))).toBe(true)
    expect(screen.runs).toBe(1)
  })

  it('keeps Tab from the page where it belongs to the arm, even when no command wants it', () => {
    expect(setUp({ ownsControls: true }).dispatcher.down(key('Tab'))).toBe(true)
    expect(setUp({ ownsControls: false }).dispatcher.down(key('Tab'))).toBe(false)
    expect(setUp({ ownsControls: true }).dispatcher.down(key('Tab', { focus: 'field' }))).toBe(false)
  })

  it('leaves all but Escape to an input method that composes', () => {
    const take = command('take', 'T')
    const { dispatcher } = setUp({ commands: [take] })
    expect(dispatcher.down(key('t', { isComposing: true }))).toBe(false)
    expect(take.runs).toBe(0)
  })
})
