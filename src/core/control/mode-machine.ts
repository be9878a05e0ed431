/**
 * Steps the transition table. Invariant: the mode changes only by a listed transition whose guards pass; a refusal says
 * which guard, or that the event is not allowed here, as a fault a screen can show beside the command.
 */
import { fail, ok, type Fault, type Result } from '../result.ts'
import type { Mode } from './mode.ts'
import type { ModeEvent } from './mode-events.ts'
import { modeTable, type GuardName } from './mode-table.ts'

export interface MachineState {
  readonly mode: Mode
  /** What follows by itself once the present mode has done its work; null when nothing does. */
  readonly after: Mode | null
}

export interface MachineContext {
  /** Null when the guard passes, else the reason it does not. */
  guard(name: GuardName): Fault | null
  /** Whether the arm's present motion allows `mode` and its limits at once; if not, it comes to rest first. */
  canEnter(mode: Mode): boolean
}

export const initialMachineState: MachineState = { mode: 'idle', after: null }

/** Modes with narrower limits than those that lead to them. */
const narrow: ReadonlySet<Mode> = new Set<Mode>(['matching', 'blend'])

/** The state after `event`, or why it is refused. The state is returned unchanged when the event asks for what is so already. */
export function transition(
  state: MachineState,
  event: ModeEvent,
  context: MachineContext,
): Result<MachineState> {
  const rule = modeTable[state.mode][event]
  if (!rule) return refuse(state.mode, event)
  for (const name of rule.guards ?? []) {
    const reason = context.guard(name)
    if (reason) return { ok: false, error: reason }
  }
  if (event === 'atRest' && state.after && state.after !== 'holding')
    return ok({ mode: state.after, after: null })
  if (rule.to === state.mode && rule.after === undefined) {
    return ok(event === 'powered' ? { mode: state.after ?? state.mode, after: null } : state)
  }
  if (narrow.has(rule.to) && !context.canEnter(rule.to)) return ok({ mode: 'slowStop', after: rule.to })
  return ok({ mode: rule.to, after: rule.after === rule.to ? null : (rule.after ?? null) })
}

const reasons: Readonly<Partial<Record<Mode, string>>> = {
  idle: 'Torque is off: engage first',
  fault: 'The arm is in fault: recover first',
  eStop: 'Torque is cut: recover first',
}

function refuse(mode: Mode, event: ModeEvent): Result<MachineState> {
  if (mode === 'slowStop') {
    return fail('control/coming-to-rest', 'The arm is coming to rest; ask again when it holds', {
      mode,
      event,
    })
  }
  return fail('control/not-allowed', reasons[mode] ?? `Not possible in mode ${mode}`, { mode, event })
}
