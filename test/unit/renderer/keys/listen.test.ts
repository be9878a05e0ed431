// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest'
import { ManualTimers } from '#test/fakes/manual-timers.ts'
import { KeyDispatcher } from '#renderer/keys/key-dispatcher.ts'
import { focusKindOf, listenToKeys } from '#renderer/keys/listen.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

const element = (html: string): Element => {
  document.body.innerHTML = html
  const found = document.body.firstElementChild
  if (found === null) throw new Error('no element')
  return found
}

describe('focusKindOf', () => {
  it.each([
    ['<input>', 'field'],
    ['<input type="checkbox">', 'control'],
    ['<textarea></textarea>', 'field'],
    ['<button>go</button>', 'control'],
    ['<a href="#">link</a>', 'control'],
    ['<div role="option">row</div>', 'control'],
    ['<p>text</p>', 'none'],
  ])('%s is a %s', (html, kind) => {
    expect(focusKindOf(element(html))).toBe(kind)
  })

  it('keeps the buttons of a form native', () => {
    expect(focusKindOf(element('<form><button>go</button></form>').querySelector('button'))).toBe('form')
  })
})

describe('listenToKeys', () => {
  const listen = () => {
    const seen: string[] = []
    const dispatcher = new KeyDispatcher({
      timers: new ManualTimers(),
      commands: () => [
        {
          id: 'save',
          title: '',
          chords: ['S'],
          press: 'down',
          availability: 'ready',
          run: () => void seen.push('save'),
        },
      ],
      rebindings: () => ({}),
      ownsControls: () => true,
      onEscape: () => seen.push('escape'),
      onBlocked: () => undefined,
      onHold: () => undefined,
    })
    return { seen, listening: listenToKeys(window, dispatcher, false) }
  }
  const send = (init: KeyboardEventInit): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })
    ;(document.activeElement ?? document.body).dispatchEvent(event)
    return event
  }

  it('sees a press before any control of the page and keeps it from it', () => {
    const { seen, listening } = listen()
    const button = element('<button>x</button>') as HTMLButtonElement
    let buttonSaw = false
    button.addEventListener('keydown', () => {
      buttonSaw = true
    })
    button.focus()
    const event = send({ key: 's', code: 'KeyS' })
    expect(seen).toEqual(['save'])
    expect(buttonSaw).toBe(false)
    expect(event.defaultPrevented).toBe(true)
    listening[Symbol.dispose]()
  })

  it('hears Escape in a field that swallows its keys', () => {
    const { seen, listening } = listen()
    const input = element('<input>') as HTMLInputElement
    input.addEventListener('keydown', (event) => event.stopPropagation())
    input.focus()
    send({ key: 'Escape', code: 'Escape' })
    send({ key: 's', code: 'KeyS' })
    expect(seen).toEqual(['escape'])
    listening[Symbol.dispose]()
  })

  it('stops listening when disposed', () => {
    const { seen, listening } = listen()
    listening[Symbol.dispose]()
    send({ key: 'Escape', code: 'Escape' })
    expect(seen).toEqual([])
  })
})
