/**
 * What a checkpoint's robot key means (spec/internvla-a1.md §1.15): which features in which order make up state and
 * action, in which units, which dimensions are relative, which camera fills which slot, how grippers are finished. The
 * checkpoint does not say any of it.
 */
import { z } from 'zod'
import { firstFew } from '../first-few.ts'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import { policyUnits } from './policy-contract.ts'

const Name = z.string().min(1)

const ProfileChannel = z.strictObject({ name: Name, unit: z.enum(policyUnits) }).readonly()

/** A feature of the dataset with its channels, concatenated in the order of the list. */
const StateFeature = z
  .strictObject({ feature: Name, channels: z.array(ProfileChannel).min(1).readonly() })
  .readonly()

const ActionFeature = z
  .strictObject({
    feature: Name,
    channels: z.array(ProfileChannel).min(1).readonly(),
    /** In a checkpoint of relative actions: added to the state at the chunk's start, or absolute all the same (grippers). */
    isRelative: z.array(z.boolean()).min(1).readonly(),
  })
  .readonly()

/** A gripper that its deployment only ever opens or closes. */
const GripperRule = z
  .strictObject({ channel: Name, threshold: z.number(), below: z.number(), above: z.number() })
  .readonly()
export type GripperRule = z.infer<typeof GripperRule>

const RobotProfile = z
  .strictObject({
    /** Keys of `stats.json`, and robot types, that mean this robot. */
    keys: z.array(Name).min(1).readonly(),
    description: z.string(),
    /** False for robots that the official code has no table for: a case is answered as that code would answer it. */
    isOfficial: z.boolean().default(true),
    state: z.array(StateFeature).min(1).readonly(),
    action: z.array(ActionFeature).min(1).readonly(),
    /** In the order of the slots; slots without one are missing views. */
    cameras: z
      .array(
        z
          .strictObject({ feature: Name, name: Name, width: z.int().positive(), height: z.int().positive() })
          .readonly(),
      )
      .min(1)
      .max(3)
      .readonly(),
    grippers: z.array(GripperRule).readonly(),
    /** Control ticks a second of the data. */
    fps: z.number().positive().max(1000),
  })
  .readonly()
export type RobotProfile = z.infer<typeof RobotProfile>

/** Reads one file of `resources/policy-robots`. Fails with `policy/bad-manifest`, every problem named. */
export function parseRobotProfile(text: string): Result<RobotProfile> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('policy/bad-manifest', 'robot profile: not JSON')
  }
  const parsed = RobotProfile.safeParse(json)
  const problems = parsed.success
    ? inconsistencies(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  if (parsed.success && problems.length === 0) return ok(parsed.data)
  return fail('policy/bad-manifest', `robot profile: ${firstFew(problems)}`, { problems })
}

function inconsistencies({ state, action, cameras, grippers }: RobotProfile): string[] {
  const problems: string[] = []
  for (const { feature, channels, isRelative } of action) {
    if (channels.length !== isRelative.length)
      problems.push(`${feature}: ${channels.length} channels, ${isRelative.length} flags`)
  }
  const lists = {
    state: state.flatMap(({ channels }) => channels.map(({ name }) => name)),
    action: action.flatMap(({ channels }) => channels.map(({ name }) => name)),
    cameras: cameras.map(({ name }) => name),
  }
  for (const [what, names] of Object.entries(lists)) {
    if (new Set(names).size !== names.length) problems.push(`${what}: a name is used twice`)
  }
  for (const { channel } of grippers) {
    if (!lists.action.includes(channel)) problems.push(`grippers: ${channel} is no channel of the action`)
  }
  return problems
}

/** The profile of a key, or null: then nothing is known of the robot but what its statistics show. */
export const findRobotProfile = (profiles: readonly RobotProfile[], key: string): RobotProfile | null =>
  profiles.find(({ keys }) => keys.includes(key)) ?? null

/** A robot that no profile names, as the official code treats it: one state, one action, one picture, every dimension relative. */
export function unlistedRobot(key: string, stateWidth: number, actionWidth: number): RobotProfile {
  const channels = (width: number) =>
    Array.from({ length: width }, (_, index) => ({ name: `${index}`, unit: 'native' as const }))
  return {
    keys: [key],
    description: '',
    isOfficial: false,
    state: [{ feature: 'observation.state', channels: channels(stateWidth) }],
    action: [
      {
        feature: 'action',
        channels: channels(actionWidth),
        isRelative: Array.from({ length: actionWidth }, () => true),
      },
    ],
    cameras: [{ feature: 'observation.image', name: 'image', width: 640, height: 480 }],
    grippers: [],
    fps: 30,
  }
}
