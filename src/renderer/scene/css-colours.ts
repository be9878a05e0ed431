/** Colours of the design tokens as three.js wants them here: the numbers as written, not converted to linear light. */
import { Color } from 'three'

/** `token`: a custom property that holds a colour, e.g. `--bg-1`, resolved where `element` stands. Black when it has none. */
export function tokenColour(element: Element, token: string): Color {
  const css = getComputedStyle(element).getPropertyValue(token).trim()
  return parseColour(css)
}

/** `#rgb`, `#rrggbb`, `rgb(r g b / a)` and `rgb(r, g, b)`; anything else is black. Alpha is left out. */
export function parseColour(css: string): Color {
  const numbers = /^rgba?\(([^)]*)\)$/u.exec(css)?.[1]?.match(/[\d.]+/gu)
  if (numbers !== undefined && numbers !== null) {
    const [r, g, b] = numbers.map(Number)
    return new Color((r ?? 0) / 255, (g ?? 0) / 255, (b ?? 0) / 255)
  }
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/iu.exec(css)?.[1]
  if (hex === undefined) return new Color(0, 0, 0)
  const full = hex.length === 3 ? hex.replaceAll(/./gu, '$&$&') : hex
  const value = Number.parseInt(full, 16)
  return new Color(((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255)
}
