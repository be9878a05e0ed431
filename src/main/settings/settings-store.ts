/** The settings in force: one copy in memory, every change validated by the contract, on disk before it is announced. */
import { join } from 'node:path'
import { FaultError } from '#core/result.ts'
import type { Settings } from '#contract/services/shell.ts'
import type { Log } from '#host/shared/log.ts'
import { readSettings, writeSettings } from './settings-file.ts'

export interface SettingsStore {
  readonly current: Settings
  /** Rejects with `shell/io` when the file cannot be written; nothing has changed then. */
  change(part: Partial<Settings>): Promise<void>
  /** The settings now, then after each change. */
  follow(listener: (settings: Settings) => void): Disposable
}

export function openSettings(dataDir: string, log: Log): SettingsStore {
  const path = join(dataDir, 'settings.json')
  const read = readSettings(path, new Date().toISOString())
  if (read.keptAs !== null)
    log.error('settings', 'the settings file was damaged; what could be read is used', {
      keptAs: read.keptAs,
    })
  let current = read.settings
  let writing: Promise<void> = Promise.resolve()
  const listeners = new Set<(settings: Settings) => void>()

  const apply = async (part: Partial<Settings>): Promise<void> => {
    const next = { ...current, ...part }
    try {
      await writeSettings(path, next)
    } catch (error) {
      throw new FaultError({ code: 'shell/io', message: `settings were not saved: ${String(error)}` })
    }
    current = next
    for (const listener of listeners) listener(current)
  }

  return {
    get current() {
      return current
    },
    change: (part) => {
      const change = writing.then(() => apply(part))
      writing = change.catch(() => undefined)
      return change
    },
    follow: (listener) => {
      listener(current)
      listeners.add(listener)
      return { [Symbol.dispose]: () => listeners.delete(listener) }
    },
  }
}
