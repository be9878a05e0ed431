/**
 * The thinned copies of large tensors that the reference data keeps, under its names: every N-th row and column of a
 * picture, every N-th token. The full tensor is written beside them.
 */
import { floats } from './named-tensor.ts'
import type { CaseTensor } from './named-tensor.ts'

interface GridRule {
  readonly suffix: string
  readonly rows: readonly [first: number, step: number]
  readonly columns: readonly [first: number, step: number]
}

const even = (step: number): GridRule => ({
  suffix: `s${step}`,
  rows: [step / 2 - 1, step],
  columns: [step / 2 - 1, step],
})

/** Latents keep odd rows and even columns, so that swapped axes show. */
const latentRule: GridRule = { suffix: 's2', rows: [1, 2], columns: [0, 2] }
const foresightRule: GridRule = { suffix: 's4', rows: [1, 4], columns: [2, 4] }

const gridRules: Readonly<Record<string, readonly GridRule[]>> = {
  'images.resized': [even(4), even(8), even(16)],
  'cosmos.input': [even(4), even(8), even(16)],
  'cosmos.latents': [latentRule],
  'foresight.latents': [latentRule],
  'foresight.images': [even(4), even(8), even(16)],
  'foresight.images.view0': [foresightRule],
}

/** Copies of one tensor by name; empty for a tensor that has none. */
export function thinned(name: string, tensor: CaseTensor): readonly (readonly [string, CaseTensor])[] {
  if (tensor.type !== 'F32') return []
  const grids = (gridRules[name] ?? []).map(
    (rule) => [`${name}.${rule.suffix}`, everyPixel(tensor, rule)] as const,
  )
  return [...grids, ...tokens(name, tensor)]
}

function tokens(name: string, tensor: CaseTensor & { type: 'F32' }): (readonly [string, CaseTensor])[] {
  if (/^(?:prefix|middle)\.[kv]\.\d+$/u.test(name)) return [[`${name}.rows2`, everyToken(tensor, 2)]]
  if (/^vit\.(?:embeddings|last_hidden)\.view0$/u.test(name))
    return [[`${name}.rows41`, everyToken(tensor, 41)]]
  return name === 'prefix.hidden' ? [[`${name}.rows`, everyToken(tensor, 17)]] : []
}

/** [..., height, width] */
function everyPixel({ shape, data }: CaseTensor & { type: 'F32' }, { rows, columns }: GridRule): CaseTensor {
  const [height = 1, width = 1] = shape.slice(-2)
  const kept: number[] = []
  for (let plane = 0; plane < data.length; plane += height * width) {
    for (let y = rows[0]; y < height; y += rows[1]) {
      for (let x = columns[0]; x < width; x += columns[1]) kept.push(data[plane + y * width + x] ?? 0)
    }
  }
  const count = (size: number, [first, step]: readonly [number, number]): number =>
    Math.max(0, Math.ceil((size - first) / step))
  return floats([...shape.slice(0, -2), count(height, rows), count(width, columns)], kept)
}

/** [..., tokens, width] */
function everyToken({ shape, data }: CaseTensor & { type: 'F32' }, step: number): CaseTensor {
  const [count = 1, width = 1] = shape.slice(-2)
  const kept: number[] = []
  for (let part = 0; part < data.length; part += count * width) {
    for (let token = 0; token < count; token += step)
      kept.push(...data.subarray(part + token * width, part + (token + 1) * width))
  }
  return floats([...shape.slice(0, -2), Math.ceil(count / step), width], kept)
}
