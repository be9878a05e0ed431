/** Lengths and sizes as Review writes them. */
import { fixed } from '../i18n/figures.ts'

/** `14.2 s`, `14 min 22 s`, `1 h 8 min`: two parts at most. */
export function lengthText(seconds: number): string {
  if (seconds < 60) return `${fixed(seconds, 1)} s`
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  if (hours > 0) return `${hours} h ${minutes} min`
  return `${minutes} min ${whole % 60} s`
}

/** Decimal units, as disks are sold. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${fixed(bytes / 1e9, 1)} GB`
  return bytes >= 1e6 ? `${fixed(bytes / 1e6, 0)} MB` : `${fixed(bytes / 1e3, 0)} kB`
}
