/**
 * XPolicyLab's names for the parts of a robot: arm joints and end effector by themselves, with `left_` and `right_` where there
 * are two arms; pictures under `vision`, numbers under `state` (XPolicyLab, observation format 1.0; utils/process_data.py).
 */
import { fail, ok, type Result } from '../../result.ts'
import type { Channel, PolicyContract } from '../policy-contract.ts'
import type { ObservationTemplate, TemplateItem } from './observation-template.ts'

/** Where the numbers of one key stand in the vector. */
export interface RobotPart {
  readonly key: string
  readonly indices: readonly number[]
}

const isGripper = ({ name, unit }: Channel): boolean =>
  unit === 'range_0_100' || unit === 'range_0_1' || /gripper|effector/.test(name)

const sideOf = ({ name }: Channel): 'left_' | 'right_' | '' => {
  if (/(^|[^a-z])left/.test(name)) return 'left_'
  return /(^|[^a-z])right/.test(name) ? 'right_' : ''
}

/** Fails with `policy/contract-mismatch` where only some channels name their arm: nothing is guessed. */
export function robotParts(channels: readonly Channel[]): Result<readonly RobotPart[]> {
  const parts = new Map<string, number[]>()
  for (const [index, channel] of channels.entries()) {
    const key = `${sideOf(channel)}${isGripper(channel) ? 'ee' : 'arm'}_joint_state`
    const indices = parts.get(key) ?? []
    parts.set(key, indices)
    indices.push(index)
  }
  const sides = new Set(channels.map(sideOf))
  if (sides.size > 1 && sides.has(''))
    return fail(
      'policy/contract-mismatch',
      'some joints name the left or right arm and some do not: XPolicyLab’s keys cannot be told',
      { channels: channels.map(({ name }) => name) },
    )
  return ok([...parts].map(([key, indices]) => ({ key, indices })))
}

/** `vision/<camera>/color`, `state/<part>`, `additional_info/<extra>`, `instruction`. Fails as `robotParts` does. */
export function xpolicylabTemplate(contract: PolicyContract): Result<ObservationTemplate> {
  const parts = robotParts(contract.state)
  if (!parts.ok) return parts
  const items: TemplateItem[] = [
    ...contract.cameras.map(({ name }): TemplateItem => ({
      key: ['vision', name, 'color'],
      from: 'picture',
      camera: name,
      layout: 'hwc',
    })),
    ...parts.value.map(({ key, indices }): TemplateItem => ({
      key: ['state', key],
      from: 'state',
      channels: indices.map((index) => contract.state[index]?.name ?? ''),
      dtype: 'float32',
    })),
    ...contract.extras.map(({ name }): TemplateItem => ({
      key: ['additional_info', name],
      from: 'extra',
      extra: name,
      dtype: 'float32',
    })),
    { key: ['instruction'], from: 'task' },
  ]
  return ok({ pictureSide: null, items })
}
