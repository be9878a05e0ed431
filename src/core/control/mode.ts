/** The modes of the control loop and the source each one is recorded as (DESIGN §4). */
export const modes = [
  'idle',
  'holding',
  'matching',
  'teleop',
  'policy',
  'blend',
  'slowStop',
  'fault',
  'eStop',
] as const
export type Mode = (typeof modes)[number]

/** Who commands the follower now. */
export const sources = ['hold', 'human', 'policy', 'blend'] as const
export type Source = (typeof sources)[number]

/** The number written to `foresight.source`. */
export const sourceCode: Readonly<Record<Source, number>> = { hold: 0, human: 1, policy: 2, blend: 3 }

const sourceByMode: Readonly<Record<Mode, Source>> = {
  idle: 'hold',
  holding: 'hold',
  matching: 'hold',
  teleop: 'human',
  policy: 'policy',
  blend: 'blend',
  slowStop: 'hold',
  fault: 'hold',
  eStop: 'hold',
}

export const sourceOf = (mode: Mode): Source => sourceByMode[mode]
