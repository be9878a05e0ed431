/** The simulator's bad days as the panel shows them: what each kind takes, in which unit a person gives it, and its default. */
import type { RigConfig } from '#contract/services/rig.ts'
import type { SimFault } from '#contract/services/sim.ts'

export type FaultKind = SimFault['kind']
export type Bus = SimFault['bus']

/** An arm, and one of its joints; empty for all of them. */
export interface FaultPlace {
  readonly bus: Bus
  readonly joint: string
}

export interface FaultRow {
  readonly kind: FaultKind
  readonly amount: {
    readonly unit: '%' | 'ms' | '°C' | 'V'
    readonly initial: number
    readonly lowest: number
    readonly highest: number
    readonly step: number
  } | null
  /** The supply has no joints. */
  readonly isWholeBus?: true
  /** Happens once and is not a state: it has a button, not a switch. */
  readonly isEvent?: true
}

export const faultRows: readonly FaultRow[] = [
  { kind: 'drop', amount: { unit: '%', initial: 5, lowest: 0, highest: 100, step: 1 } },
  { kind: 'corrupt', amount: { unit: '%', initial: 5, lowest: 0, highest: 100, step: 1 } },
  { kind: 'delay', amount: { unit: 'ms', initial: 5, lowest: 0, highest: 1000, step: 1 } },
  { kind: 'hot', amount: { unit: '°C', initial: 68, lowest: 0, highest: 120, step: 1 } },
  {
    kind: 'voltage',
    amount: { unit: 'V', initial: 5.5, lowest: 0, highest: 16, step: 0.1 },
    isWholeBus: true,
  },
  { kind: 'silent', amount: null },
  { kind: 'stuck', amount: null },
  { kind: 'overload', amount: null },
  { kind: 'reset', amount: null, isEvent: true },
]

/** A percentage on the screen is a probability on the wire. */
const factor = (row: FaultRow): number => (row.amount?.unit === '%' ? 100 : 1)

export const shownAmount = (row: FaultRow, fault: SimFault | undefined): number | null =>
  row.amount === null
    ? null
    : fault?.amount === undefined
      ? row.amount.initial
      : Math.round(fault.amount * factor(row) * 100) / 100

/** What was typed, within what the simulator takes; null where that is no number. */
export function readAmount(row: FaultRow, text: string): number | null {
  const value = Number(text)
  if (row.amount === null || text.trim() === '' || !Number.isFinite(value)) return null
  return Math.min(row.amount.highest, Math.max(row.amount.lowest, value))
}

const placeOf = (row: FaultRow, { bus, joint }: FaultPlace): Pick<SimFault, 'bus' | 'kind' | 'joint'> => ({
  bus,
  kind: row.kind,
  ...(row.isWholeBus !== true && joint !== '' && { joint }),
})

export const clearingOf = placeOf

export const faultOf = (row: FaultRow, place: FaultPlace, amount: number | null): SimFault => ({
  ...placeOf(row, place),
  ...(row.amount !== null && amount !== null && { amount: amount / factor(row) }),
})

/** The fault that is on at exactly this place. */
export function activeAt(
  faults: readonly SimFault[],
  row: FaultRow,
  place: FaultPlace,
): SimFault | undefined {
  const { joint } = placeOf(row, place)
  return faults.find((fault) => fault.bus === place.bus && fault.kind === row.kind && fault.joint === joint)
}

/** Other places of the same arm where this kind is on, by joint; empty text for the whole arm. */
export function activeElsewhere(
  faults: readonly SimFault[],
  row: FaultRow,
  place: FaultPlace,
): readonly string[] {
  const here = activeAt(faults, row, place)
  return faults
    .filter((fault) => fault.bus === place.bus && fault.kind === row.kind && fault !== here)
    .map((fault) => fault.joint ?? '')
}

/** The arms of a rig that are simulated. */
export const simulatedBuses = (rig: RigConfig | null): readonly Bus[] =>
  (['follower', 'leader'] as const).filter((role) => rig?.[role]?.port.kind === 'simulated')
