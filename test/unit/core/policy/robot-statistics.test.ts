import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseRobotStatistics, statisticsOf } from '#core/policy/robot-statistics.ts'

const path = new URL('../../../fixtures/internvla-a1/tiny-3b/stats.json', import.meta.url)

function read(text: string) {
  const parsed = parseRobotStatistics(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

const one = { min: [0], max: [1], mean: [0.5], std: [0.1] }

describe('statistics of a checkpoint', () => {
  it('are one vector per robot, feature after feature', () => {
    const file = read(readFileSync(path, 'utf8'))
    const franka = statisticsOf(file, 'franka', [
      { name: 'states.joint.position', width: 7 },
      { name: 'states.gripper.position', width: 1 },
    ])
    expect(franka.ok && franka.value.mean).toHaveLength(8)
    expect(franka.ok && franka.value.std[7]).toBe(file.get('franka')?.get('states.gripper.position')?.std[0])
  })

  it('may be of one dataset, without a robot', () => {
    const file = read(JSON.stringify({ action: one, 'observation.images.top': { mean: [[[0.5]]] } }))
    expect(statisticsOf(file, 'whatever', [{ name: 'action', width: 1 }])).toMatchObject({ ok: true })
  })

  it('may stand beside those of pictures, and of what no policy reads', () => {
    const picture = { min: [[[0]]], max: [[[1]]], mean: [[[0.5]]], std: [[[0.2]]], count: [3] }
    const robot = { action: one, 'observation.images.top': picture, note: { mean: [1] } }
    const file = read(JSON.stringify({ so_follower: robot, other: { 'observation.images.top': picture } }))
    expect([...(file.get('so_follower')?.keys() ?? [])]).toEqual(['action'])
    expect(statisticsOf(file, 'so_follower', [{ name: 'action', width: 1 }])).toMatchObject({ ok: true })
    expect(statisticsOf(file, 'other', [{ name: 'action', width: 1 }])).toMatchObject({ ok: false })
  })

  it.each<[string, unknown, string]>([
    ['of another robot', { other: { action: one } }, 'no statistics of so_follower, only of other'],
    ['without the feature', { so_follower: { state: one } }, 'only of state'],
    ['of another width', { so_follower: { action: { ...one, mean: [1, 2] } } }, '1 are needed'],
    ['with a negative spread', { so_follower: { action: { ...one, std: [-1] } } }, 'negative spread'],
  ])('are refused when they are %s', (_, json, text) => {
    expect(
      statisticsOf(read(JSON.stringify(json)), 'so_follower', [{ name: 'action', width: 1 }]),
    ).toMatchObject({
      ok: false,
      error: { code: 'policy/statistics-mismatch', message: expect.stringContaining(text) },
    })
  })

  it.each(['', '[]', '{}', '{"robot":{"action":{"mean":[1]}}}', '{"robot":3}'])(
    'are refused as damaged: %s',
    (text) => {
      expect(parseRobotStatistics(text)).toMatchObject({
        ok: false,
        error: { code: 'policy/checkpoint-damaged' },
      })
    },
  )
})
