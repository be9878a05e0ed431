/**
 * `stats.json` of a checkpoint: per robot and feature the spread of its training data (spec/internvla-a1.md §1.14). One
 * vector per feature; a state or action is several features one after the other.
 */
import { z } from 'zod'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import type { Statistics } from './internvla/normalisation.ts'

const Numbers = z.array(z.number())
const FeatureStatistics = z.looseObject({ min: Numbers, max: Numbers, mean: Numbers, std: Numbers })
const Anything = z.record(z.string(), z.unknown())

/** Features by robot key. */
export type RobotStatistics = ReadonlyMap<string, ReadonlyMap<string, Statistics>>

/** Key under which a file without robots is read: it describes one dataset, whatever the robot is called. */
export const onlyRobot = ''

/** Fails with `policy/checkpoint-damaged`. Features that are no such statistics (of pictures, in which each colour has its own list) are left out. */
export function parseRobotStatistics(text: string): Result<RobotStatistics> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('policy/checkpoint-damaged', 'stats.json is not JSON', { file: 'stats.json' })
  }
  const file = Anything.safeParse(json)
  if (!file.success) return damaged('no object')
  const flat = featuresOf(file.data)
  if (flat.size > 0) return ok(new Map([[onlyRobot, flat]]))
  const robots = new Map<string, ReadonlyMap<string, Statistics>>()
  for (const [robot, features] of Object.entries(file.data)) {
    const known = Anything.safeParse(features)
    if (!known.success) return damaged(`${robot} has no features`)
    robots.set(robot, featuresOf(known.data))
  }
  const isEmpty = Object.values(file.data).every((features) => Object.keys(features ?? {}).length === 0)
  // Robots without any feature are no damage: they are statistics that know nothing of the robot asked for.
  if (robots.size > 0 && (isEmpty || [...robots.values()].some((features) => features.size > 0)))
    return ok(robots)
  return damaged('nothing in it has min, max, mean and std, each a list of numbers')
}

const damaged = (message: string) =>
  fail('policy/checkpoint-damaged', `stats.json: ${message}`, { file: 'stats.json' })

function featuresOf(json: Readonly<Record<string, unknown>>): ReadonlyMap<string, Statistics> {
  const features = new Map<string, Statistics>()
  for (const [name, value] of Object.entries(json)) {
    const read = FeatureStatistics.safeParse(value)
    if (!read.success) continue
    const { min, max, mean, std } = read.data
    features.set(name, { min, max, mean, std })
  }
  return features
}

/**
 * Statistics of some features, one after the other.
 * @returns `policy/statistics-mismatch` naming what is missing, has another size, or is no spread at all
 */
export function statisticsOf(
  file: RobotStatistics,
  robot: string,
  features: readonly { readonly name: string; readonly width: number }[],
): Result<Statistics> {
  const known = file.get(robot) ?? (file.size === 1 ? file.get(onlyRobot) : undefined)
  const mismatch = (message: string, data: Readonly<Record<string, unknown>> = {}) =>
    fail('policy/statistics-mismatch', message, { robot, ...data })
  if (known === undefined) {
    const robots = [...file.keys()]
    return mismatch(`no statistics of ${robot}, only of ${robots.join(', ') || 'none'}`, { robots })
  }
  const parts: Statistics[] = []
  for (const { name, width } of features) {
    const part = known.get(name)
    if (part === undefined)
      return mismatch(`no statistics of ${robot}’s ${name}, only of ${[...known.keys()].join(', ')}`, {
        feature: name,
      })
    const lists = [part.min, part.max, part.mean, part.std]
    if (lists.some((list) => list.length !== width))
      return mismatch(`${name} has ${part.mean.length} numbers, ${width} are needed`, {
        feature: name,
        width,
      })
    if (
      part.std.some((value) => value < 0) ||
      part.max.some((value, index) => value < (part.min[index] ?? 0))
    )
      return mismatch(`${name} has a negative spread`, { feature: name })
    parts.push(part)
  }
  const join = (pick: (part: Statistics) => readonly number[]): number[] => parts.flatMap(pick)
  return ok({
    min: join(({ min }) => min),
    max: join(({ max }) => max),
    mean: join(({ mean }) => mean),
    std: join(({ std }) => std),
  })
}
