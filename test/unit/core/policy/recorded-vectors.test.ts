import { describe, expect, it } from 'vitest'
import type { Channel } from '#core/policy/policy-contract.ts'
import { recordedVectors, type RecordedColumn } from '#core/policy/recorded-vectors.ts'

const channels: readonly Channel[] = [
  { name: 'gripper.pos', unit: 'range_0_1' },
  { name: 'shoulder_pan.pos', unit: 'radians' },
]

const column: RecordedColumn = {
  names: ['shoulder_pan.pos', 'gripper.pos'],
  width: 2,
  values: [180, 50, 90, 100],
  units: ['degrees', 'range_0_100'],
}

const valuesOf = (result: ReturnType<typeof recordedVectors>): number[] =>
  result.ok ? [...result.value] : []

describe('recorded vectors', () => {
  it('come in the order and units of the policy', () => {
    expect(valuesOf(recordedVectors(channels, column))).toEqual([0.5, Math.PI, 1, Math.PI / 2])
  })

  it('follow the mapping of joints that a person chose', () => {
    const named = { ...column, names: ['base.pos', 'gripper.pos'] }
    expect(valuesOf(recordedVectors(channels, named, { 'shoulder_pan.pos': 'base' }))[1]).toBe(Math.PI)
    expect(recordedVectors(channels, named)).toMatchObject({
      ok: false,
      error: { code: 'policy/contract-mismatch', data: { channel: 'shoulder_pan.pos' } },
    })
  })

  it('are taken by place only where the dataset names none and the width is the same', () => {
    const unnamed = { ...column, names: [], units: [null, null] }
    expect(valuesOf(recordedVectors(channels, unnamed)).slice(0, 2)).toEqual([180, 50])
    expect(recordedVectors(channels.slice(0, 1), unnamed).ok).toBe(false)
  })

  it('are refused where no constant joins the units', () => {
    const percent = { ...column, units: ['range_m100_100', 'range_0_100'] }
    expect(recordedVectors(channels, percent)).toMatchObject({
      ok: false,
      error: { code: 'policy/contract-mismatch' },
    })
  })

  it('keep gaps as gaps', () => {
    expect(valuesOf(recordedVectors(channels, { ...column, values: [Number.NaN, 50] }))[1]).toBeNaN()
  })
})
