/** The control core as a screen sees it, and how long the present mode will last. */
import type { Fault } from '../result.ts'
import type { ControlView } from './core-types.ts'
import type { Gaps } from './matching.ts'
import type { LimitSets } from './limit-sets.ts'
import type { CommandKind } from './mode-events.ts'
import type { Mode } from './mode.ts'

export const commandKinds = [
  'engage',
  'powerUp',
  'takeOver',
  'giveToPolicy',
  'resume',
  'hold',
  'stop',
  'eStop',
  'recover',
  'park',
  'powerOff',
] as const satisfies readonly CommandKind[]

/** Blockers of every command. */
export const blockersBy = (blocker: (kind: CommandKind) => Fault | null): ControlView['blockers'] => {
  const entries = commandKinds.map((kind) => [kind, blocker(kind)] as const)
  return Object.fromEntries(entries) as ControlView['blockers']
}

/** Seconds a rest-to-rest move over `gapRad` takes under the hand-over limits. */
export function alignSeconds(gapRad: number, sets: LimitSets): number {
  const { velocityRadS: v, accelerationRadS2: a } = sets.handOver
  return gapRad > (v * v) / a ? gapRad / v + v / a : 2 * Math.sqrt(gapRad / a)
}

export interface LeftFacts {
  readonly mode: Mode
  readonly gaps: Gaps | null
  readonly stopLeftS: number
  readonly handOverLeftS: number | null
  readonly sets: LimitSets
}

/** Seconds until the mode ends by itself; null when it does not. */
export function secondsLeft({ mode, gaps, stopLeftS, handOverLeftS, sets }: LeftFacts): number | null {
  if (mode === 'slowStop') return stopLeftS
  if (mode === 'blend') return handOverLeftS
  return mode === 'matching' && gaps ? alignSeconds(gaps.worstRad, sets) : null
}
