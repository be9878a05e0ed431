/** Electron's own way to keep the machine awake while an arm has torque on. */
import { powerSaveBlocker } from 'electron'
import type { SleepInhibitor } from '../sleep/sleep-inhibitor.ts'

export function electronSleepInhibitor(): SleepInhibitor {
  let id: number | null = null
  const set = (isOn: boolean): void => {
    if (isOn) id ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (id !== null) {
      powerSaveBlocker.stop(id)
      id = null
    }
  }
  return { set, [Symbol.dispose]: () => set(false) }
}
