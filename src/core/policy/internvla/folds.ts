/**
 * What is computed from the checkpoint once, at import, because it never changes afterwards (spec §7.2): two convolutions
 * in one, the action branch before its non-linearity. Sums run in double precision. Every fold is exact algebra.
 */
import { eulerTimes, timeEmbedding } from './flow-time.ts'
import { internVla } from './trunk.ts'
import type { Trunk } from './trunk.ts'

/** Reads float tensors of a checkpoint, widened to float32. */
export interface TensorReader {
  /** For tensors that a checkpoint may do without. */
  has(name: string): boolean
  /**
   * `count` rows along the first axis, beginning at `first`.
   * @param shape what the whole tensor must have, where the reader is the only one to look: folds read by place, and a
   * tensor that is turned or shorter would give numbers all the same
   */
  rows(name: string, first: number, count: number, shape?: readonly number[]): Promise<Float32Array>
}

type Numbers = Float32Array<ArrayBuffer>

export interface TrunkFolds {
  /** Convolution [exp_hidden, latent, 8, 8] with stride 8, and its bias. */
  readonly middleWeight: Numbers
  readonly middleBias: Numbers
  /** [exp_hidden, max_action_dim] */
  readonly actionWeight: Numbers
  /** [steps, exp_hidden]: bias of each Euler step, with its time in it. */
  readonly actionBias: Numbers
}

export async function computeTrunkFolds(trunk: Trunk, reader: TensorReader): Promise<TrunkFolds> {
  const middle = await foldMiddle(trunk, reader)
  const action = await foldAction(trunk, reader)
  return {
    middleWeight: middle.weight,
    middleBias: middle.bias,
    actionWeight: action.weight,
    actionBias: action.bias,
  }
}

/** A 1 × 1 convolution before an 8 × 8 one is one 8 × 8 convolution. Read in blocks: the real kernel has 67 M numbers. */
async function foldMiddle(
  { dims, modules }: Trunk,
  reader: TensorReader,
): Promise<{ weight: Numbers; bias: Numbers }> {
  const { exp_hidden: hidden, cosmos_latent: latent } = dims
  const area = internVla.latentPerToken ** 2
  const inner = await reader.rows(`${modules.latentIn}.weight`, 0, hidden, [hidden, latent, 1, 1])
  const wide = Math.ceil(latent / tile) * tile
  const padded = widened(inner, latent, wide)
  const innerBias = await reader.rows(`${modules.latentIn}.bias`, 0, hidden, [hidden])
  const outerBias = await reader.rows('model.downsample_conv.bias', 0, hidden, [hidden])
  const weight = new Float32Array(hidden * latent * area)
  const bias = new Float32Array(hidden)
  const sums = new Float64Array(wide * area)
  const block = 16
  const countAt = (first: number): number => Math.min(block, hidden - first)
  const read = (first: number): Promise<Float32Array> =>
    reader.rows('model.downsample_conv.weight', first, countAt(first), [
      hidden,
      hidden,
      internVla.latentPerToken,
      internVla.latentPerToken,
    ])
  // The disk works on the next block while this one is summed.
  let coming = read(0)
  for (let first = 0; first < hidden; first += block) {
    const count = countAt(first)
    const kernel = await coming
    if (first + block < hidden) coming = read(first + block)
    for (let row = 0; row < count; row++) {
      const outer = kernel.subarray(row * hidden * area, (row + 1) * hidden * area)
      addProducts(sums, outer, padded, hidden, wide, area)
      weight.set(sums.subarray(0, latent * area), (first + row) * latent * area)
      bias[first + row] = (outerBias[first + row] ?? 0) + weightedSum(outer, innerBias, area)
    }
  }
  return { weight, bias }
}

/** Channels of the latents that are summed at a time. */
const tile = 4

/** Rows of `width` numbers as rows of `wide`, the rest zero. */
function widened(rows: Float32Array, width: number, wide: number): Float32Array {
  if (wide === width) return rows
  const padded = new Float32Array((rows.length / width) * wide)
  for (let at = 0; at < rows.length; at += width)
    padded.set(rows.subarray(at, at + width), (at / width) * wide)
  return padded
}

/**
 * sums[i, pixel] = Σ_m outer[m, pixel] · inner[m, i]. A billion products at the real size: tiles of two pixels and four
 * channels keep their eight sums in registers. `area` is even, `latent` a multiple of `tile`.
 */
function addProducts(
  sums: Float64Array,
  outer: Float32Array,
  inner: Float32Array,
  hidden: number,
  latent: number,
  area: number,
): void {
  for (let pixel = 0; pixel < area; pixel += 2) {
    for (let i = 0; i < latent; i += tile) {
      let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0]
      for (let m = 0; m < hidden; m++) {
        const at = m * area + pixel
        const from = m * latent + i
        const [a, b] = [outer[at] ?? 0, outer[at + 1] ?? 0]
        const f0 = inner[from] ?? 0
        const f1 = inner[from + 1] ?? 0
        const f2 = inner[from + 2] ?? 0
        const f3 = inner[from + 3] ?? 0
        a0 += a * f0
        a1 += a * f1
        a2 += a * f2
        a3 += a * f3
        b0 += b * f0
        b1 += b * f1
        b2 += b * f2
        b3 += b * f3
      }
      sums.set([a0, b0], i * area + pixel)
      sums.set([a1, b1], (i + 1) * area + pixel)
      sums.set([a2, b2], (i + 2) * area + pixel)
      sums.set([a3, b3], (i + 3) * area + pixel)
    }
  }
}

/** Σ_m bias[m] · Σ_pixel outer[m, pixel]. */
function weightedSum(outer: Float32Array, bias: Float32Array, area: number): number {
  let total = 0
  for (let m = 0; m < bias.length; m++) {
    let sum = 0
    for (let pixel = 0; pixel < area; pixel++) sum += outer[m * area + pixel] ?? 0
    total += sum * (bias[m] ?? 0)
  }
  return total
}

/**
 * Before its non-linearity the action branch is W₁·[Win·x + b ‖ e(t)] + b₁. With W₁ = [W₁ₐ | W₁ₜ] that is
 * (W₁ₐ·Win)·x plus a constant per step, W₁ₐ·b + W₁ₜ·e(t) + b₁.
 */
async function foldAction(config: Trunk, reader: TensorReader): Promise<{ weight: Numbers; bias: Numbers }> {
  const { exp_hidden: hidden, max_action_dim: width, num_steps: steps } = config.dims
  const first = await reader.rows('model.action_time_mlp_in.weight', 0, hidden, [hidden, 2 * hidden])
  const firstBias = await reader.rows('model.action_time_mlp_in.bias', 0, hidden, [hidden])
  const input = await reader.rows('model.action_in_proj.weight', 0, hidden, [hidden, width])
  const inputBias = await reader.rows('model.action_in_proj.bias', 0, hidden, [hidden])
  const embeddings = eulerTimes(steps).map((t) =>
    timeEmbedding(t, hidden, config.minPeriod, config.maxPeriod),
  )
  const weight = new Float32Array(hidden * width)
  const bias = new Float32Array(steps * hidden)
  for (let out = 0; out < hidden; out++) {
    const row = first.subarray(out * 2 * hidden, (out + 1) * 2 * hidden)
    const sums = new Float64Array(width)
    let constant = firstBias[out] ?? 0
    for (let k = 0; k < hidden; k++) {
      const factor = row[k] ?? 0
      constant += factor * (inputBias[k] ?? 0)
      for (let d = 0; d < width; d++) sums[d] = (sums[d] ?? 0) + factor * (input[k * width + d] ?? 0)
    }
    weight.set(sums, out * width)
    embeddings.forEach((embedding, step) => {
      const timed = embedding.reduce((sum, value, k) => sum + value * (row[hidden + k] ?? 0), 0)
      bias[step * hidden + out] = constant + timed
    })
  }
  return { weight, bias }
}
