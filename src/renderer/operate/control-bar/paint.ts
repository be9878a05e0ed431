/** Mode → paint of badge and window edge (UI.md §3). Fill means authority; `lost` means that nobody can say. */
import type { Mode, Source } from '#core/control/mode.ts'

export type Paint =
  'idle' | 'human' | 'policy' | 'blend-policy' | 'blend-human' | 'hold' | 'match' | 'fault' | 'estop' | 'lost'

const paints: Readonly<Record<Mode, Paint>> = {
  idle: 'idle',
  holding: 'hold',
  matching: 'match',
  teleop: 'human',
  policy: 'policy',
  blend: 'blend-policy',
  slowStop: 'hold',
  fault: 'fault',
  eStop: 'estop',
}

/** `to` is where a blend goes; null outside of one. */
export const paintOf = (mode: Mode, to: Source | null): Paint =>
  mode === 'blend' && to === 'human' ? 'blend-human' : paints[mode]

/** The whole bar is red: something is wrong. */
export const isAlarm = (mode: Mode | null): boolean => mode === 'fault' || mode === 'eStop'
