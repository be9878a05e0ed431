/** Whether key presses can stop the arm now, and if not, why: said before the arm is stopped for it (DESIGN §4). */
import type { Mode } from '#core/control/mode.ts'

export type KeysTrouble = 'noFocus' | 'composing' | null

const moving: ReadonlySet<Mode> = new Set(['matching', 'teleop', 'policy', 'blend', 'slowStop'])

export function keysTrouble(mode: Mode | null, hasFocus: boolean, isComposing: boolean): KeysTrouble {
  if (mode === null || !moving.has(mode)) return null
  if (!hasFocus) return 'noFocus'
  return isComposing ? 'composing' : null
}
