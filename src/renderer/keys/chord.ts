/**
 * A chord is what a person presses, as text: `Enter`, `Shift+ArrowUp`, `Ctrl+Z`, `?`. One key press may be written in
 * several ways (`?` is also `Shift+/`), and matches a binding when any of them does. Letters go by what the key
 * types; where that is no Latin letter (Chinese input, Cyrillic) by where the key sits.
 */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly isCtrl: boolean
  readonly isShift: boolean
  readonly isAlt: boolean
}

const codeNames: Readonly<Record<string, string>> = {
  Space: 'Space',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Minus: '-',
  Equal: '=',
  Semicolon: ';',
  Quote: "'",
}

/** The name of the key by its place, on the US layout. */
function placeName(code: string): string | null {
  const letter = /^Key([A-Z])$/u.exec(code)?.[1]
  const digit = /^(?:Digit|Numpad)([0-9])$/u.exec(code)?.[1]
  if (code === 'NumpadEnter') return 'Enter'
  return letter ?? digit ?? codeNames[code] ?? null
}

const isLatinLetter = (key: string): boolean => /^[a-z]$/iu.test(key)

/** Every way to write this press, most literal first. */
export function chordsOf(press: KeyPress): readonly string[] {
  const names = new Set<string>()
  const place = placeName(press.code)
  if (isLatinLetter(press.key)) names.add(press.key.toUpperCase())
  else if (press.key === ' ') names.add('Space')
  else if (
    press.key.length > 1 &&
    press.key !== 'Process' &&
    press.key !== 'Dead' &&
    press.key !== 'Unidentified'
  )
    names.add(press.key)
  else if (place !== null) names.add(place)
  const prefix = `${press.isCtrl ? 'Ctrl+' : ''}${press.isAlt ? 'Alt+' : ''}`
  const chords = [...names].map((name) => `${prefix}${press.isShift ? 'Shift+' : ''}${name}`)
  // A printable sign that needs Shift on some layout is also written as the sign itself.
  if (press.key.length === 1 && press.key !== ' ' && !isLatinLetter(press.key))
    chords.push(`${prefix}${press.key}`)
  return chords
}

const capNames: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Backspace: '⌫',
}

/** What is printed on the key caps, one text per key. */
export const capsOf = (chord: string): readonly string[] =>
  chord === '+' ? ['+'] : chord.split('+').map((name) => capNames[name] ?? name)
