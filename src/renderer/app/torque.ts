/** Whether an arm may hold itself up or move now. When the page does not know, it may. */
import type { LiveState } from './live-state.ts'

const loose: ReadonlySet<string> = new Set(['idle', 'eStop'])

export function armMayHaveTorque(
  state: Pick<LiveState, 'drive' | 'rig' | 'rigSilentMs' | 'session'>,
): boolean {
  if (state.session === null || state.rigSilentMs !== null) return true
  if (state.drive === null) return state.rig?.status !== 'none'
  return !loose.has(state.drive.mode) || state.drive.follower?.torque === 'on'
}
