/** Bytes as people write them: 41 MB, 3.8 GB. Decimal, as file managers and model cards count. */
import { fixed } from '../i18n/figures.ts'

export function byteFigure(bytes: number): string {
  if (bytes < 1000) return `${fixed(bytes, 0)} B`
  if (bytes < 1e6) return `${fixed(bytes / 1e3, bytes < 1e4 ? 1 : 0)} kB`
  if (bytes < 1e9) return `${fixed(bytes / 1e6, bytes < 1e7 ? 1 : 0)} MB`
  return `${fixed(bytes / 1e9, 1)} GB`
}

/** Milliseconds where a tenth still says something. */
export const msFigure = (ms: number): string => fixed(ms, ms < 10 ? 1 : 0)
