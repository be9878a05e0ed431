/** What can happen to the mode machine. Commands come from a person; signals come from the loop itself. */

/** What a person asks for. */
export type ControlCommand =
  | { readonly kind: 'engage' }
  | { readonly kind: 'powerUp' }
  | { readonly kind: 'takeOver' }
  | { readonly kind: 'giveToPolicy' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'eStop' }
  | { readonly kind: 'recover' }
  | { readonly kind: 'park' }
  | { readonly kind: 'powerOff' }

export type CommandKind = ControlCommand['kind']

/** Events of the transition table: commands, resolved by the state of the rig, and the loop's own signals. */
export const modeEvents = [
  'engageCold',
  'engage',
  'resumeCold',
  'powerUp',
  'takeOverAligned',
  'takeOverMisaligned',
  'takeOverBlind',
  'giveToPolicy',
  'hold',
  'stop',
  'eStop',
  'recover',
  'park',
  'powerOff',
  'powered',
  'powerFailed',
  'aligned',
  'parked',
  'blended',
  'atRest',
  'reactSlowStop',
  'reactHold',
  'reactFault',
  'linkReturned',
] as const

export type ModeEvent = (typeof modeEvents)[number]
