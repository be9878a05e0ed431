import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { datasetNames } from '#core/arm/dataset-units.ts'
import { applyGripperRules } from '#core/policy/gripper-rule.ts'
import {
  findRobotProfile,
  parseRobotProfile,
  unlistedRobot,
  type RobotProfile,
} from '#core/policy/robot-profile.ts'

const folder = new URL('../../../../resources/policy-robots/', import.meta.url)
const profiles: readonly RobotProfile[] = readdirSync(folder).map((file) => {
  const parsed = parseRobotProfile(readFileSync(new URL(file, folder), 'utf8'))
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error.message}`)
  return parsed.value
})

interface GoldenRobot {
  readonly state_features: readonly string[]
  readonly action_features: readonly string[]
  readonly feature_dims: Readonly<Record<string, number>>
  readonly delta_mask: readonly boolean[] | null
  readonly image_mapping: Readonly<Record<string, string>>
}

const golden = JSON.parse(
  readFileSync(new URL('../../../fixtures/internvla-a1/units/robots.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, GoldenRobot>>

describe('the robots that ship', () => {
  it.each(Object.keys(golden).filter((key) => key !== 'other_robot'))(
    'has %s with the official order, widths, relative dimensions and cameras',
    (key) => {
      const robot = golden[key]
      const profile = findRobotProfile(profiles, key)
      if (profile === null || robot === undefined) throw new Error(`no ${key}`)
      expect(profile.state.map(({ feature }) => feature)).toEqual(robot.state_features)
      expect(profile.action.map(({ feature }) => feature)).toEqual(robot.action_features)
      for (const { feature, channels } of [...profile.state, ...profile.action])
        expect(channels.length, feature).toBe(robot.feature_dims[feature])
      const relative = profile.action.flatMap(({ isRelative }) => isRelative)
      expect(relative).toEqual(robot.delta_mask ?? relative.map(() => true))
      const slots = profile.cameras.map(({ feature }, slot) => [feature, `observation.images.image${slot}`])
      expect(Object.fromEntries(slots)).toEqual(robot.image_mapping)
    },
  )

  it('names every key once', () => {
    const keys = profiles.flatMap((profile) => profile.keys)
    expect(new Set(keys).size).toBe(keys.length)
    for (const key of ['ARX Lift-2', 'piper', 'AgileX Split Aloha', 'ARX AC One', 'Genie-1', 'Franka'])
      expect(keys).toContain(key)
  })

  it('has the SO-101 in the names and units of its datasets', () => {
    const profile = findRobotProfile(profiles, so101Follower.robotType)
    const names = datasetNames(so101Follower)
    expect(profile?.state.flatMap(({ channels }) => channels.map(({ name }) => name))).toEqual(names)
    expect(profile?.action[0]?.channels.map(({ unit }) => unit)).toEqual([
      ...Array.from({ length: 5 }, () => 'degrees'),
      'range_0_100',
    ])
    expect(profile?.action[0]?.isRelative).toEqual([true, true, true, true, true, false])
  })
})

describe('a robot that nothing is known of', () => {
  it('has every dimension relative, as the official code has it', () => {
    const robot = golden['other_robot']
    const profile = unlistedRobot('other_robot', 5, 5)
    expect(profile.state[0]?.feature).toBe(robot?.state_features[0])
    expect(profile.action[0]?.isRelative).toEqual([true, true, true, true, true])
    expect(profile.cameras.map(({ feature }) => feature)).toEqual(Object.keys(robot?.image_mapping ?? {}))
  })
})

describe('a profile that is wrong', () => {
  it('is refused with every problem named', () => {
    const [profile] = profiles
    const action = profile?.action.map((feature) => ({ ...feature, isRelative: [true] }))
    const grippers = [{ channel: 'ghost.pos', threshold: 1, below: 0, above: 1 }]
    expect(parseRobotProfile(JSON.stringify({ ...profile, action, grippers }))).toMatchObject({
      ok: false,
      error: { code: 'policy/bad-manifest', message: expect.stringMatching(/flags.*ghost\.pos/u) },
    })
    expect(parseRobotProfile('{')).toMatchObject({ ok: false })
  })
})

describe('a gripper rule', () => {
  const rules = [{ channel: 'g.pos', threshold: 0.5, below: 0, above: 1 }]

  it('decides each row of its column, and no other', () => {
    const actions = Float32Array.of(0.7, 0.7, 0.2, 0.2, 0.5, 0.5)
    applyGripperRules(actions, ['a.pos', 'g.pos'], rules)
    expect([...actions]).toEqual([...Float32Array.of(0.7, 1, 0.2, 0, 0.5, 0)])
  })

  it('lets what is not a number stay that', () => {
    const actions = Float32Array.of(0, Number.NaN)
    applyGripperRules(actions, ['a.pos', 'g.pos'], rules)
    expect(actions[1]).toBeNaN()
  })
})
