/** Pictures as evaluation scripts send them: arrays of any size, channels last or first, bytes or floats, one or a pair. */
import { numbersOf } from '#core/policy/openpi/array-values.ts'
import { NdArray, type WireValue } from '#core/policy/openpi/wire-value.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { PictureMessage } from '#contract/services/policy.ts'

/** No camera is larger; a hostile shape must not reserve memory. */
const maxPixels = 64_000_000

/**
 * One picture [height, width, 3] or [3, height, width]; or a pair [2, …] of the past and the present one.
 * Floats are 0…1 and become bytes as openpi's policies make them; other ranges are refused, for which was meant nobody can
 * see. Fails with `policy/wrong-shape` or `policy/not-finite`, naming the key.
 */
export function picturesOf(value: WireValue, camera: string, key: string): Result<readonly PictureMessage[]> {
  if (!(value instanceof NdArray)) return misfit(key, 'is no array; compressed pictures are not read')
  const { shape } = value
  if (shape.length !== 3 && !(shape.length === 4 && (shape[0] === 2 || shape[0] === 1)))
    return misfit(key, `has the shape [${shape.join(', ')}], not [height, width, 3]`)
  const count = shape.length === 4 ? (shape[0] ?? 1) : 1
  const [a = 0, b = 0, c = 0] = shape.slice(-3)
  const isPlanar = a === 3
  if (!isPlanar && c !== 3)
    return misfit(key, `has the shape [${shape.join(', ')}]: three colours are needed`)
  const [height, width] = isPlanar ? [b, c] : [a, b]
  if (height < 1 || width < 1 || height * width > maxPixels) return misfit(key, `is ${width}×${height}`)
  const bytes = bytesOf(value, key)
  if (!bytes.ok) return bytes
  const size = 3 * width * height
  return ok(
    Array.from({ length: count }, (_, index) => {
      const own = bytes.value.subarray(index * size, (index + 1) * size)
      const rgb = isPlanar ? interleaved(own, width * height) : new Uint8Array(own)
      return { camera, timeUs: Number.NaN, width, height, rgb }
    }),
  )
}

/** Resizing in floats overshoots by a little. */
const floatSlack = 0.05

function bytesOf(array: NdArray, key: string): Result<Uint8Array> {
  if (array.dtype === '|u1') return ok(array.data)
  const numbers = numbersOf(array)
  if (!numbers.ok) return numbers
  if (!numbers.value.every(Number.isFinite))
    return fail('policy/not-finite', `${key} holds numbers that are not finite`, { key })
  const isFloat = /f\d$/.test(array.dtype)
  const [lowest, highest] = isFloat ? [-floatSlack, 1 + floatSlack] : [0, 255]
  const stray = numbers.value.find((value) => value < lowest || value > highest)
  if (stray !== undefined) {
    const range = isFloat ? 'floats are 0…1' : 'whole numbers are 0…255'
    return misfit(key, `holds ${stray}, and its ${range}: send bytes, or scale it`)
  }
  return ok(
    Uint8Array.from(numbers.value, (value) =>
      Math.min(255, Math.max(0, Math.trunc(isFloat ? 255 * value : value))),
    ),
  )
}

function interleaved(planes: Uint8Array, pixels: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(planes.length)
  for (let colour = 0; colour < 3; colour++) {
    for (let pixel = 0; pixel < pixels; pixel++)
      rgb[3 * pixel + colour] = planes[colour * pixels + pixel] ?? 0
  }
  return rgb
}

const misfit = (key: string, what: string) => fail('policy/wrong-shape', `${key} ${what}`, { key })
