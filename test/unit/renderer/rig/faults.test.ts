import { describe, expect, it } from 'vitest'
import { simFault, faultKinds, type SimFault } from '#contract/services/sim.ts'
import {
  activeAt,
  activeElsewhere,
  clearingOf,
  faultOf,
  faultRows,
  readAmount,
  shownAmount,
  simulatedBuses,
  type FaultRow,
} from '#renderer/rig/faults.ts'
import { rigConfig } from '#test/fakes/page-states.ts'

const rowOf = (kind: SimFault['kind']): FaultRow => {
  const row = faultRows.find((candidate) => candidate.kind === kind)
  if (row === undefined) throw new Error(`no row ${kind}`)
  return row
}
const everywhere = { bus: 'follower', joint: '' } as const
const elbow = { bus: 'follower', joint: 'elbow_flex' } as const

describe('the faults of the simulator', () => {
  it('are all there: a row each, and a button for unplugging', () => {
    expect(new Set([...faultRows.map((row) => row.kind), 'unplug'])).toEqual(new Set(faultKinds))
  })

  it('cross the contract as it asks for them', () => {
    for (const row of faultRows)
      for (const place of [everywhere, elbow]) {
        const fault = faultOf(row, place, row.amount?.initial ?? null)
        expect(simFault.parse(fault)).toEqual(fault)
      }
  })

  it('are typed in percent and sent as a chance', () => {
    const fault = faultOf(rowOf('drop'), elbow, 5)
    expect(fault).toEqual({ bus: 'follower', kind: 'drop', joint: 'elbow_flex', amount: 0.05 })
    expect(shownAmount(rowOf('drop'), fault)).toBe(5)
    expect(shownAmount(rowOf('drop'), undefined)).toBe(5)
    expect(shownAmount(rowOf('stuck'), undefined)).toBeNull()
  })

  it('give the supply to the whole arm, whatever joint is chosen', () => {
    expect(faultOf(rowOf('voltage'), elbow, 5.5)).toEqual({ bus: 'follower', kind: 'voltage', amount: 5.5 })
    expect(clearingOf(rowOf('voltage'), elbow)).toEqual({ bus: 'follower', kind: 'voltage' })
  })

  it('are on where they are on, and said to be on elsewhere', () => {
    const faults: SimFault[] = [
      { bus: 'follower', kind: 'hot', joint: 'elbow_flex', amount: 68 },
      { bus: 'leader', kind: 'hot', amount: 70 },
    ]
    expect(activeAt(faults, rowOf('hot'), elbow)).toBe(faults[0])
    expect(activeAt(faults, rowOf('hot'), everywhere)).toBeUndefined()
    expect(activeElsewhere(faults, rowOf('hot'), everywhere)).toEqual(['elbow_flex'])
    expect(activeElsewhere(faults, rowOf('hot'), elbow)).toEqual([])
    expect(activeElsewhere(faults, rowOf('hot'), { bus: 'leader', joint: 'gripper' })).toEqual([''])
  })

  it('keep a typed amount inside what the simulator takes', () => {
    expect(readAmount(rowOf('drop'), '250')).toBe(100)
    expect(readAmount(rowOf('delay'), '-3')).toBe(0)
    expect(readAmount(rowOf('voltage'), '6.2')).toBe(6.2)
    expect(readAmount(rowOf('drop'), '')).toBeNull()
    expect(readAmount(rowOf('drop'), 'x')).toBeNull()
  })

  it('exist only for simulated arms', () => {
    expect(simulatedBuses(rigConfig)).toEqual(['follower', 'leader'])
    const serial = {
      port: { kind: 'serial', path: '/dev/ttyACM0', baud: 1e6 },
      calibrationPath: null,
    } as const
    expect(simulatedBuses({ ...rigConfig, leader: serial })).toEqual(['follower'])
    expect(simulatedBuses({ ...rigConfig, leader: null })).toEqual(['follower'])
    expect(simulatedBuses(null)).toEqual([])
  })
})
