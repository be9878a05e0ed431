/**
 * The settings file: read with defaults, written whole and atomically. A file that cannot be read as settings is kept beside
 * (`settings.json.bad-<time>`), never overwritten, and whatever fields in it were good are used.
 */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { settings as schema, type Settings } from '#contract/services/shell.ts'

export const defaultSettings: Settings = {
  version: 1,
  language: 'system',
  theme: 'system',
  operator: '',
  keys: {},
  isSoundOn: true,
  lastRig: null,
  lastDataset: null,
  lastTask: '',
}

export interface SettingsRead {
  readonly settings: Settings
  /** Where the unreadable file was kept, or null. */
  readonly keptAs: string | null
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Defaults, overlaid with every field of `raw` that is valid by itself; `isWhole` when nothing had to be left out. */
function salvage(raw: unknown): { settings: Settings; isWhole: boolean } {
  if (typeof raw !== 'object' || raw === null || !('version' in raw) || raw.version !== 1)
    return { settings: defaultSettings, isWhole: false }
  const merged: Record<string, unknown> = { ...defaultSettings }
  let isWhole = true
  for (const [key, value] of Object.entries(raw)) {
    if (!Object.hasOwn(schema.shape, key)) continue
    if (schema.shape[key as keyof Settings].safeParse(value).success) merged[key] = value
    else isWhole = false
  }
  return { settings: schema.parse(merged), isWhole }
}

export function readSettings(path: string, nowIso: string): SettingsRead {
  if (!existsSync(path)) return { settings: defaultSettings, keptAs: null }
  const { settings, isWhole } = salvage(parseJson(readFileSync(path, 'utf8')))
  if (isWhole) return { settings, keptAs: null }
  const keptAs = `${path}.bad-${nowIso.replaceAll(/[:.]/gu, '-')}`
  renameSync(path, keptAs)
  return { settings, keptAs }
}

/** Rejects with the system's error when the folder cannot be written. */
export async function writeSettings(path: string, settings: Settings): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.tmp`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(settings, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}
