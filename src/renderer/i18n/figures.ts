/** Figures as the screens write them: tabular, with a real minus, rounded to what was measured. */

const minus = '−'
const signed = (text: string): string => (text.startsWith('-') ? minus + text.slice(1) : text)

/** Fixed digits with a real minus; `−0.0` is written `0.0`. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : signed(text)
}

const degreesPerRad = 180 / Math.PI
export const toDegrees = (rad: number): number => rad * degreesPerRad

/** A joint position in program units: degrees for revolute joints, 0…1 for grippers. */
export const jointFigure = (value: number, isGripper: boolean): string =>
  isGripper ? fixed(value, 2) : `${fixed(toDegrees(value), 1)}°`

/** `mm:ss.t`, and `h:mm:ss` from an hour on. Never negative. */
export function clockFigure(seconds: number): string {
  const tenths = Math.max(0, Math.floor(seconds * 10 + 1e-6))
  const whole = Math.floor(tenths / 10)
  const two = (n: number): string => String(n).padStart(2, '0')
  if (whole >= 3600)
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}.${tenths % 10}`
}

export interface HoursMinutes {
  readonly hours: number
  readonly minutes: number
}

export function hoursMinutes(seconds: number): HoursMinutes {
  const minutes = Math.floor(Math.max(0, seconds) / 60)
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
