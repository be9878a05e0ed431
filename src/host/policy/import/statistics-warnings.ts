/** What looks wrong about a checkpoint's statistics although nothing forbids it (spec/internvla-a1.md §1.14). */
import type { Statistics } from '#core/policy/internvla/normalisation.ts'
import { onlyRobot } from '#core/policy/robot-statistics.ts'
import { profileOf, type InternVlaDescription } from '../internvla/internvla-description.ts'

export interface ImportWarning {
  readonly code: string
  readonly message: string
}

/** Relative actions scatter around zero; absolute ones lie where the states lie. */
const farFromZero = 3

export function statisticsWarnings(description: InternVlaDescription, robot: string): ImportWarning[] {
  const warnings: ImportWarning[] = []
  const { profile, isKnown } = profileOf(description, robot)
  if (!isKnown)
    warnings.push({
      code: 'unknown-robot',
      message: `${robot || 'the robot'} has no profile here: names, units and grippers are not known`,
    })
  const features = description.statistics.get(robot) ?? description.statistics.get(onlyRobot)
  for (const { feature, isRelative } of profile.action) {
    const statistics = features?.get(feature)
    if (statistics === undefined) continue
    const flagged = isRelative.filter((flag) => flag).length
    const shifted = isRelative.filter((flag, index) => flag && isShifted(statistics, index)).length
    const isDelta = description.training.actionMode === 'delta'
    if (isDelta && shifted > flagged / 2)
      warnings.push({
        code: 'absolute-statistics',
        message: `${feature}: the checkpoint says its actions are relative, its statistics look absolute`,
      })
    if (!isDelta && flagged > 0 && shifted === 0 && isNarrow(statistics, features?.get(stateOf(feature))))
      warnings.push({
        code: 'relative-statistics',
        message: `${feature}: the checkpoint says its actions are absolute, its statistics look relative`,
      })
  }
  return warnings
}

const isShifted = ({ mean, std }: Statistics, index: number): boolean =>
  Math.abs(mean[index] ?? 0) > farFromZero * (std[index] ?? 0) + 1e-6

/** Steps are much smaller than poses. */
function isNarrow(action: Statistics, state: Statistics | undefined): boolean {
  if (state === undefined) return false
  const spread = ({ min, max }: Statistics, index: number): number => (max[index] ?? 0) - (min[index] ?? 0)
  return action.mean.every((_, index) => spread(action, index) < 0.1 * spread(state, index))
}

const stateOf = (feature: string): string =>
  feature === 'action' ? 'observation.state' : feature.replace(/^actions\./u, 'states.')
