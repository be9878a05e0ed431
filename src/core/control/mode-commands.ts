/** From what a person asks to the event of the transition table it means now, and in which order acts of one tick count. */
import type { PendingCommand } from './core-types.ts'
import type { CommandKind, ModeEvent } from './mode-events.ts'
import type { Mode } from './mode.ts'

export interface CommandFacts {
  readonly mode: Mode
  /** Goals are being sent: torque is confirmed. */
  readonly isPowered: boolean
  /** A servo switched its own output off; torque must be switched on anew. */
  readonly needsRepower: boolean
  readonly isLeaderReady: boolean
  readonly isAligned: boolean
  readonly driver: 'human' | 'policy' | null
}

export function resolveCommand(kind: CommandKind, facts: CommandFacts): ModeEvent {
  switch (kind) {
    case 'engage':
      return engageEvent(facts)
    case 'resume':
      // Nobody drove yet: going on is not what switches torque on.
      if (facts.mode === 'idle') return 'resumeCold'
      return facts.driver === 'policy' ? 'giveToPolicy' : engageEvent(facts)
    case 'takeOver':
      if (!facts.isLeaderReady) return 'takeOverBlind'
      return facts.isAligned ? 'takeOverAligned' : 'takeOverMisaligned'
    default:
      return kind
  }
}

function engageEvent({ mode, isPowered, needsRepower }: CommandFacts): ModeEvent {
  if (mode === 'idle') return 'engageCold'
  return mode === 'holding' && (!isPowered || needsRepower) ? 'engageCold' : 'engage'
}

const urgency = (kind: CommandKind): number => (kind === 'eStop' ? 0 : kind === 'stop' ? 1 : 2)

/** The commands of one tick, the most urgent first, else in order of arrival. */
export const inUrgency = (commands: readonly PendingCommand[]): readonly PendingCommand[] =>
  commands.toSorted((a, b) => urgency(a.command.kind) - urgency(b.command.kind))
