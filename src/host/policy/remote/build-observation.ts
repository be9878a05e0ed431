/** Our observation as the map a server expects, by the template of its `remote.json`. */
import { float32Array, float64Array, uint8Array } from '#core/policy/openpi/array-values.ts'
import { resizeWithPad } from '#core/policy/openpi/image-tools.ts'
import type { TemplateItem } from '#core/policy/openpi/observation-template.ts'
import type { RemoteManifest } from '#core/policy/openpi/remote-manifest.ts'
import type { NdArray, WireMap, WireValue } from '#core/policy/openpi/wire-value.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { fail, ok, unreachable, type Result } from '#core/result.ts'
import type { Observation, Picture } from '../policy.ts'

/** Maps that are still being filled; keys come from the manifest, which a person wrote. */
type Nested = Map<string, WireValue | Nested>

/**
 * @param historyTicks above 0 pictures go as pairs [2, …]: the past one, where there is one, and the present one
 * @returns `policy/wrong-shape` or `policy/not-finite`, naming what is missing
 */
export function buildObservation(
  observation: Observation,
  { observation: template, contract, historyTicks }: RemoteManifest,
): Result<WireMap> {
  const root: Nested = new Map()
  for (const item of template.items) {
    const value = valueOf(item, observation, contract, { side: template.pictureSide, historyTicks })
    if (!value.ok) return value
    place(root, item.key, value.value)
  }
  return ok(mapOf(root))
}

interface Sending {
  readonly side: number | null
  readonly historyTicks: number
}

function valueOf(
  item: TemplateItem,
  observation: Observation,
  contract: PolicyContract,
  { side, historyTicks }: Sending,
): Result<WireValue> {
  switch (item.from) {
    case 'task':
      return ok(observation.task)
    case 'picture': {
      const picture = observation.pictures[item.camera]
      if (picture === undefined) return missing(`no picture of ${item.camera}`, item.camera)
      const present = pictureArray(picture, side, item.layout)
      if (historyTicks === 0) return ok(present)
      const past = pictureArray(observation.past[item.camera] ?? picture, side, item.layout)
      return ok(pairOf(past, present))
    }
    case 'extra': {
      const shape = contract.extras.find(({ name }) => name === item.extra)?.shape ?? []
      return vector(observation.extras[item.extra], shape, item.extra, item.dtype)
    }
    case 'state': {
      const indices = item.channels.map((name) =>
        contract.state.findIndex((channel) => channel.name === name),
      )
      const numbers = Float32Array.from(indices, (index) => observation.state[index] ?? Number.NaN)
      return vector(numbers, [numbers.length], item.key.join('.'), item.dtype)
    }
    default:
      return unreachable(item)
  }
}

function vector(
  numbers: Float32Array | undefined,
  shape: readonly number[],
  source: string,
  dtype: 'float32' | 'float64',
): Result<NdArray> {
  const size = shape.reduce((count, axis) => count * axis, 1)
  if (numbers?.length !== size)
    return missing(`${source}: ${numbers?.length ?? 'no'} numbers, not ${size}`, source)
  if (!numbers.every(Number.isFinite)) return fail('policy/not-finite', `${source} is not finite`, { source })
  return ok(dtype === 'float32' ? float32Array(numbers, shape) : float64Array(numbers, shape))
}

const missing = (message: string, source: string) => fail('policy/wrong-shape', message, { source })

/** Bytes again: pictures come from bytes, so nothing is lost by rounding. */
function pictureArray(picture: Picture, side: number | null, layout: 'hwc' | 'chw'): NdArray {
  const own = { width: picture.width, height: picture.height, data: bytesOf(picture) }
  const sent = side === null ? own : { width: side, height: side, data: resizeWithPad(own, side) }
  const { width, height, data } = sent
  return layout === 'hwc'
    ? uint8Array(data, [height, width, 3])
    : uint8Array(planesOf(data, width * height), [3, height, width])
}

const pairOf = (past: NdArray, present: NdArray): NdArray => {
  const data = new Uint8Array(past.data.length + present.data.length)
  data.set(past.data)
  data.set(present.data, past.data.length)
  return uint8Array(data, [2, ...present.shape])
}

function bytesOf({ width, height, planes }: Picture): Uint8Array {
  const pixels = width * height
  const rgb = new Uint8Array(3 * pixels)
  for (let colour = 0; colour < 3; colour++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = planes[colour * pixels + pixel] ?? 0
      rgb[3 * pixel + colour] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
  return rgb
}

function planesOf(rgb: Uint8Array, pixels: number): Uint8Array {
  const planes = new Uint8Array(3 * pixels)
  for (let colour = 0; colour < 3; colour++) {
    for (let pixel = 0; pixel < pixels; pixel++)
      planes[colour * pixels + pixel] = rgb[3 * pixel + colour] ?? 0
  }
  return planes
}

function place(root: Nested, key: readonly string[], value: WireValue): void {
  let map = root
  for (const step of key.slice(0, -1)) {
    const inner = map.get(step)
    const next: Nested = inner instanceof Map ? inner : new Map()
    map.set(step, next)
    map = next
  }
  map.set(key.at(-1) ?? '', value)
}

const mapOf = (nested: Nested): WireMap =>
  Object.fromEntries([...nested].map(([key, value]) => [key, value instanceof Map ? mapOf(value) : value]))
