/** Structured log of a host: kept in a short ring for the problem report, passed on to whoever listens (main writes files). */
import type { LogLine } from '#contract/services/host.ts'

const ringLength = 500

export interface Log {
  debug(area: string, message: string, data?: Record<string, unknown>): void
  info(area: string, message: string, data?: Record<string, unknown>): void
  warn(area: string, message: string, data?: Record<string, unknown>): void
  error(area: string, message: string, data?: Record<string, unknown>): void
  /** Lines so far, oldest first, then every new one. */
  follow(listener: (line: LogLine) => void): Disposable
}

export function createLog(): Log {
  const ring: LogLine[] = []
  const listeners = new Set<(line: LogLine) => void>()
  const write =
    (level: LogLine['level']) =>
    (area: string, message: string, data?: Record<string, unknown>): void => {
      const base = { timeIso: new Date().toISOString(), level, area, message }
      const line: LogLine = data === undefined ? base : { ...base, data }
      ring.push(line)
      if (ring.length > ringLength) ring.shift()
      for (const listener of listeners) listener(line)
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    follow: (listener) => {
      for (const line of ring) listener(line)
      listeners.add(listener)
      return { [Symbol.dispose]: () => listeners.delete(listener) }
    },
  }
}
