/** Servos do not wait for a busy computer. Where the system allows it, neither do the rig host and the simulator, which use little. */
import { constants, setPriority } from 'node:os'

/** Asks for a priority above normal; true when it was given. Most systems give it to privileged users only. */
export function askForPriority(): boolean {
  try {
    setPriority(constants.priority.PRIORITY_ABOVE_NORMAL)
    return true
  } catch {
    return false
  }
}
