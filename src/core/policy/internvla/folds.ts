/**
 * What is computed from the checkpoint once, at import, because it never changes afterwards (spec §7.2): two convolutions
 * in one, the action branch before its non-linearity. Sums run in double precision. Every fold is exact algebra.
 */
import { eulerTimes, timeEmbedding } from './flow-time.ts'
import { internVla } from './trunk.ts'
import type { Trunk } from './trunk.ts'

/** Reads float tensors of a checkpoint, widened to float32. */
export interface TensorReader {
  /** `count` rows along the first axis, beginning at `first`. */
  rows(name: string, first: number, count: number): Promise<Float32Array>
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
  const inner = await reader.rows(`${modules.latentIn}.weight`, 0, hidden)
  const innerBias = await reader.rows(`${modules.latentIn}.bias`, 0, hidden)
  const outerBias = await reader.rows('model.downsample_conv.bias', 0, hidden)
  const weight = new Float32Array(hidden * latent * area)
  const bias = new Float32Array(hidden)
  const sums = new Float64Array(latent * area)
  const block = 16
  for (let first = 0; first < hidden; first += block) {
    const count = Math.min(block, hidden - first)
    const kernel = await reader.rows('model.downsample_conv.weight', first, count)
    for (let row = 0; row < count; row++) {
      sums.fill(0)
      let total = outerBias[first + row] ?? 0
      for (let m = 0; m < hidden; m++) {
        const from = (row * hidden + m) * area
        for (let pixel = 0; pixel < area; pixel++) {
          const value = kernel[from + pixel] ?? 0
          total += value * (innerBias[m] ?? 0)
          for (let i = 0; i < latent; i++) {
            const at = i * area + pixel
            sums[at] = (sums[at] ?? 0) + value * (inner[m * latent + i] ?? 0)
          }
        }
      }
      weight.set(sums, (first + row) * latent * area)
      bias[first + row] = total
    }
  }
  return { weight, bias }
}

/**
 * Before its non-linearity the action branch is W₁·[Win·x + b ‖ e(t)] + b₁. With W₁ = [W₁ₐ | W₁ₜ] that is
 * (W₁ₐ·Win)·x plus a constant per step, W₁ₐ·b + W₁ₜ·e(t) + b₁.
 */
async function foldAction(config: Trunk, reader: TensorReader): Promise<{ weight: Numbers; bias: Numbers }> {
  const { exp_hidden: hidden, max_action_dim: width, num_steps: steps } = config.dims
  const first = await reader.rows('model.action_time_mlp_in.weight', 0, hidden)
  const firstBias = await reader.rows('model.action_time_mlp_in.bias', 0, hidden)
  const input = await reader.rows('model.action_in_proj.weight', 0, hidden)
  const inputBias = await reader.rows('model.action_in_proj.bias', 0, hidden)
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
