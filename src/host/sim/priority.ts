/** Servos do not wait for a busy computer. Where the system allows it, neither does the simulator, which uses little. */
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
