/** A script's observation as our own, by the template that says which key carries what. */
import { textOf, vectorOf } from '#core/policy/openpi/array-values.ts'
import type { ObservationTemplate, TemplateItem } from '#core/policy/openpi/observation-template.ts'
import { isWireMap, type WireMap, type WireValue } from '#core/policy/openpi/wire-value.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { fail, ok, unreachable, type Result } from '#core/result.ts'
import type { PictureMessage } from '#contract/services/policy.ts'
import { picturesOf } from './picture-array.ts'

export interface Question {
  readonly state: Float32Array
  readonly extras: Readonly<Record<string, Float32Array>>
  readonly present: readonly PictureMessage[]
  /** Pictures of the past that came with it; empty where there were none. */
  readonly past: readonly PictureMessage[]
  readonly task: string
}

interface Draft {
  readonly state: Float32Array
  readonly extras: Record<string, Float32Array>
  readonly present: PictureMessage[]
  readonly past: PictureMessage[]
  task: string
}

/**
 * Keys that the template does not name are left alone. A picture that is `None` leaves its slot empty.
 * Fails with `policy/wrong-shape`, naming the key that is missing or wrong, or `policy/not-finite`.
 */
export function readQuestion(
  map: WireMap,
  template: ObservationTemplate,
  contract: PolicyContract,
): Result<Question> {
  const draft: Draft = {
    state: new Float32Array(contract.state.length),
    extras: {},
    present: [],
    past: [],
    task: '',
  }
  for (const item of template.items) {
    const value = find(map, item.key)
    const key = item.key.join('/')
    if (value === undefined) return misfit(key, `the observation has no ${key}, only ${keysOf(map)}`)
    const taken = take(item, value, key, contract, draft)
    if (!taken.ok) return taken
  }
  return ok(draft)
}

function take(
  item: TemplateItem,
  value: WireValue,
  key: string,
  contract: PolicyContract,
  draft: Draft,
): Result<void> {
  switch (item.from) {
    case 'task': {
      const text = textOf(value)
      if (text === null) return misfit(key, `${key} is no text`)
      draft.task = text
      return ok(undefined)
    }
    case 'picture': {
      if (value === null) return ok(undefined)
      const pictures = picturesOf(value, item.camera, key)
      if (!pictures.ok) return pictures
      draft.past.push(...pictures.value.slice(0, -1))
      draft.present.push(...pictures.value.slice(-1))
      return ok(undefined)
    }
    case 'extra': {
      const shape = contract.extras.find(({ name }) => name === item.extra)?.shape ?? []
      const numbers = vector(
        value,
        key,
        shape.reduce((count, size) => count * size, 1),
      )
      if (numbers.ok) draft.extras[item.extra] = numbers.value
      return numbers.ok ? ok(undefined) : numbers
    }
    case 'state': {
      const numbers = vector(value, key, item.channels.length)
      if (!numbers.ok) return numbers
      for (const [index, name] of item.channels.entries()) {
        const at = contract.state.findIndex((channel) => channel.name === name)
        draft.state[at] = numbers.value[index] ?? Number.NaN
      }
      return ok(undefined)
    }
    default:
      return unreachable(item)
  }
}

function vector(value: WireValue, key: string, size: number): Result<Float32Array> {
  const numbers = vectorOf(value, key)
  if (!numbers.ok) return numbers
  if (numbers.value.length !== size)
    return misfit(key, `${key} has ${numbers.value.length} numbers, not ${size}`)
  return numbers.value.every(Number.isFinite)
    ? numbers
    : fail('policy/not-finite', `${key} is not finite`, { key })
}

function find(map: WireMap, key: readonly string[]): WireValue | undefined {
  let value: WireValue | undefined = map
  for (const step of key) {
    if (!isWireMap(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

const keysOf = (map: WireMap): string => Object.keys(map).slice(0, 20).join(', ') || 'nothing'

const misfit = (key: string, message: string) => fail('policy/wrong-shape', message, { key })
