/** Feeds the dispatcher from the window, in the capture phase, so that no control on the page sees a press first. */
import type { FocusKind, KeyDispatcher } from './key-dispatcher.ts'

const textTypes: ReadonlySet<string> = new Set([
  'text',
  'search',
  'number',
  'email',
  'url',
  'password',
  'tel',
])

/** What the focused element would do with a key by itself. */
export function focusKindOf(element: Element | null): FocusKind {
  if (element === null) return 'none'
  if (element instanceof HTMLInputElement && textTypes.has(element.type)) return 'field'
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return 'field'
  if (element instanceof HTMLElement && element.isContentEditable) return 'field'
  if (
    element.closest(
      'button, input, a[href], [role="button"], [role="menuitem"], [role="option"], summary',
    ) !== null
  )
    return element.closest('form') === null ? 'control' : 'form'
  return 'none'
}

export function listenToKeys(target: Window, dispatcher: KeyDispatcher, isMac: boolean): Disposable {
  const onDown = (event: KeyboardEvent): void => {
    const isOurs = dispatcher.down({
      key: event.key,
      code: event.code,
      isCtrl: isMac ? event.metaKey : event.ctrlKey,
      isShift: event.shiftKey,
      isAlt: event.altKey,
      isRepeat: event.repeat,
      // Chromium reports the key that begins a composition with code 229 before `isComposing` is set.
      isComposing: event.isComposing || event.keyCode === 229,
      focus: focusKindOf(target.document.activeElement),
    })
    if (!isOurs) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const onUp = (event: KeyboardEvent): void => dispatcher.up(event.code)
  const onBlur = (): void => dispatcher.releaseAll()
  target.addEventListener('keydown', onDown, { capture: true })
  target.addEventListener('keyup', onUp, { capture: true })
  target.addEventListener('blur', onBlur)
  return {
    [Symbol.dispose]: () => {
      target.removeEventListener('keydown', onDown, { capture: true })
      target.removeEventListener('keyup', onUp, { capture: true })
      target.removeEventListener('blur', onBlur)
    },
  }
}
