/**
 * A short name for a calibration, stored with every episode as evidence. It tells calibrations apart; it protects nothing.
 */
import type { Calibration } from './calibration.ts'

/** FNV-1a, 64 bits, over the numbers in order of joint name: 16 hex digits, the same for the same numbers. */
export function calibrationHash(calibration: Calibration): string {
  const text = Object.entries(calibration)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) =>
      [name, entry.id, entry.driveMode, entry.homingOffset, entry.rangeMin, entry.rangeMax].join(' '),
    )
    .join('\n')
  let hash = 0xcbf29ce484222325n
  for (const byte of utf8(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

/** Joint names are code points of any kind; core has no TextEncoder. */
function utf8(text: string): number[] {
  return Array.from(encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/gsu), ([, escaped, plain]) =>
    escaped === undefined ? (plain ?? '').charCodeAt(0) : Number.parseInt(escaped, 16),
  )
}
