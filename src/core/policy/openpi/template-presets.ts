/**
 * Observation keys of openpi's published configurations (spec/peers.md §2.1), for a given contract. Where keys have no camera
 * of their own name, cameras take them in the contract's order; whoever uses a preset shows what came of it.
 */
import { fail, ok, type Result } from '../../result.ts'
import type { PolicyContract } from '../policy-contract.ts'
import { templateProblems, type ObservationTemplate, type TemplateItem } from './observation-template.ts'

export const templatePresets = ['droid', 'libero', 'aloha', 'generic'] as const
export type TemplatePreset = (typeof templatePresets)[number]

/** Size to which openpi's clients resize. */
const openpiSide = 224

const droidPictures = ['observation/exterior_image_1_left', 'observation/wrist_image_left'] as const
const liberoPictures = ['observation/image', 'observation/wrist_image'] as const

const task: TemplateItem = { key: ['prompt'], from: 'task' }

/** The first cameras take the keys that there are. */
const inOrder = ({ cameras }: PolicyContract, keys: readonly string[]): TemplateItem[] =>
  cameras.slice(0, keys.length).map(({ name }, index) => ({
    key: [keys[index] ?? name],
    from: 'picture',
    camera: name,
    layout: 'hwc',
  }))

const stateItem = (key: string, channels: readonly string[]): TemplateItem => ({
  key: [key],
  from: 'state',
  channels,
  dtype: 'float32',
})

const extraItems = ({ extras }: PolicyContract): TemplateItem[] =>
  extras.map(({ name }) => ({
    key: [`observation/${name}`],
    from: 'extra',
    extra: name,
    dtype: 'float32',
  }))

/**
 * `generic`: `observation/images/<camera>`, `observation/state`, `observation/<extra>`, `prompt`.
 * Fails with `policy/contract-mismatch` where the preset cannot carry the contract.
 */
export function presetTemplate(
  preset: TemplatePreset,
  contract: PolicyContract,
): Result<ObservationTemplate> {
  const state = contract.state.map(({ name }) => name)
  const items = {
    // DROID sends the gripper by itself; it is the last number of the state.
    droid: () => [
      ...inOrder(contract, droidPictures),
      stateItem('observation/joint_position', state.slice(0, -1)),
      stateItem('observation/gripper_position', state.slice(-1)),
    ],
    libero: () => [...inOrder(contract, liberoPictures), stateItem('observation/state', state)],
    aloha: () => [
      ...contract.cameras.map(({ name }): TemplateItem => ({
        key: ['images', name],
        from: 'picture',
        camera: name,
        layout: 'chw',
      })),
      stateItem('state', state),
    ],
    generic: () => [
      ...contract.cameras.map(({ name }): TemplateItem => ({
        key: [`observation/images/${name}`],
        from: 'picture',
        camera: name,
        layout: 'hwc',
      })),
      stateItem('observation/state', state),
    ],
  }[preset]()
  if (preset === 'droid' && state.length < 2)
    return fail('policy/contract-mismatch', 'DROID sends joints and a gripper: the state needs two numbers')
  const template = { pictureSide: openpiSide, items: [...items, ...extraItems(contract), task] }
  const problems = templateProblems(template, contract)
  return problems.length === 0
    ? ok(template)
    : fail('policy/contract-mismatch', problems.join('; '), { problems })
}
