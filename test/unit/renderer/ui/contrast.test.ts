import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('src/renderer/ui/tokens.css', 'utf8')

/** The custom properties of the first rule that starts with `selector`. */
function tokensOf(selector: string): Readonly<Record<string, string>> {
  const start = css.indexOf(`${selector} {`)
  const body = css.slice(start, css.indexOf('\n}', start))
  return Object.fromEntries(
    [...body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})\b/gu)].map(([, name, value]) => [name, value]),
  )
}

const dark = tokensOf(':root')
const light = { ...dark, ...tokensOf(":root[data-theme='light']") }

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(tokens: Readonly<Record<string, string>>, front: string, back: string): number {
  const [a, b] = [tokens[front], tokens[back]]
  if (a === undefined || b === undefined) throw new Error(`${front} or ${back} is no plain colour`)
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

const surfaces = ['--bg-0', '--bg-1', '--bg-2']
const onSurfaces = [
  '--text-1',
  '--text-2',
  '--text-3',
  '--accent',
  '--ok',
  '--warn',
  '--bad',
  '--fault',
  '--rec',
  '--rec-armed',
  '--rec-reset',
  '--rec-saving',
]
const fills = ['idle', 'human', 'policy', 'hold', 'fault', 'estop'].map(
  (source) => [`--${source}-on`, `--${source}-fill`] as const,
)
const joints = [1, 2, 3, 4, 5, 6, 7].map((n) => `--joint-${n}`)

describe.each([
  ['dark', dark],
  ['light', light],
])('contrast of the %s theme', (_name, tokens) => {
  it.each(onSurfaces)('%s reads on every surface (AA, 4.5)', (front) => {
    for (const back of surfaces)
      expect(contrast(tokens, front, back), `on ${back}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each(fills)('%s reads on %s (AA, 4.5)', (front, back) => {
    expect(contrast(tokens, front, back)).toBeGreaterThanOrEqual(4.5)
  })

  it('keeps blend and aligning words readable on both of their colours', () => {
    for (const back of ['--human-fill', '--policy-fill'])
      expect(contrast(tokens, '--blend-on', back), back).toBeGreaterThanOrEqual(4.5)
    for (const back of ['--match-fill', '--hold-fill', '--hold-fill-2'])
      expect(contrast(tokens, '--match-on', back), back).toBeGreaterThanOrEqual(3)
  })

  it('keeps joint lines visible on their plots (3)', () => {
    for (const joint of joints) expect(contrast(tokens, joint, '--bg-1'), joint).toBeGreaterThanOrEqual(3)
  })

  it('shows the focus ring on every surface (3)', () => {
    for (const back of surfaces) expect(contrast(tokens, '--focus', back), back).toBeGreaterThanOrEqual(3)
  })
})
