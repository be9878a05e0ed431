/** Arguments of a command: `node:util` parseArgs with its complaint as a value, and numbers checked. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

export interface Arguments {
  readonly values: Readonly<Record<string, string | undefined>>
  readonly flags: ReadonlySet<string>
  readonly positionals: readonly string[]
}

/** `options` by name: `value` takes one, `flag` none. A string is what is wrong. */
export function readOptions(
  args: readonly string[],
  options: Readonly<Record<string, 'value' | 'flag'>>,
): Arguments | string {
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([name, kind]) => [name, { type: kind === 'value' ? 'string' : 'boolean' }]),
  )
  try {
    const parsed = parseArgs({ args: [...args], options: config, allowPositionals: true })
    const entries = Object.entries(parsed.values)
    return {
      values: Object.fromEntries(
        entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
      flags: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
      positionals: parsed.positionals,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A number within bounds, null when absent, or what is wrong. */
export function readNumber(
  text: string | undefined,
  name: string,
  bounds: { readonly min: number; readonly max: number; readonly isInteger?: boolean },
): number | null | string {
  if (text === undefined) return null
  const value = Number(text)
  const isWhole = bounds.isInteger !== true || Number.isInteger(value)
  if (text.trim() !== '' && value >= bounds.min && value <= bounds.max && isWhole) return value
  return `--${name} ${text}: a number from ${bounds.min} to ${bounds.max}`
}
