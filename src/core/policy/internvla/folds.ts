/**
 * What is computed from the checkpoint once, at import, because it never changes afterwards (spec §7.2): sums over the
 * doubled frame, the interpolated position table, two convolutions in one, the action branch before its non-linearity.
 * Sums run in double precision. Every fold is exact algebra.
 */
import { internVla } from './dims.ts'
import type { InternVlaConfig } from './dims.ts'
import { eulerTimes, timeEmbedding } from './flow-time.ts'
import { patchOrder } from './patch-grid.ts'

/** Reads float tensors of a checkpoint, widened to float32. */
export interface TensorReader {
  /** `count` rows along the first axis, beginning at `first`. */
  rows(name: string, first: number, count: number): Promise<Float32Array>
}

type Numbers = Float32Array<ArrayBuffer>

export interface Folds {
  /** [vit_hidden, 3 · patch²] */
  readonly patchEmbed: Numbers
  /** [patches, vit_hidden], patch order */
  readonly positionGrid: Numbers
  /** Convolution [exp_hidden, latent, 8, 8] with stride 8, and its bias. */
  readonly middleWeight: Numbers
  readonly middleBias: Numbers
  /** [exp_hidden, max_action_dim] */
  readonly actionWeight: Numbers
  /** [steps, exp_hidden]: bias of each Euler step, with its time in it. */
  readonly actionBias: Numbers
  /** [2, und_hidden]: embeddings of the marks before and after a view. */
  readonly viewMarks: Numbers
}

const visual = 'model.qwen3_vl_with_expert.und_expert.model.visual'
/** The official file keeps only the tied name `lm_head`; the index leads there. */
export const embeddingName = 'model.qwen3_vl_with_expert.und_expert.model.language_model.embed_tokens.weight'

export async function computeFolds(config: InternVlaConfig, reader: TensorReader): Promise<Folds> {
  const [patchEmbed, positionGrid, middle, action, viewMarks] = [
    await foldPatchEmbed(config, reader),
    await interpolatePositions(config, reader),
    await foldMiddle(config, reader),
    await foldAction(config, reader),
    await readMarks(config, reader),
  ]
  return {
    patchEmbed,
    positionGrid,
    middleWeight: middle.weight,
    middleBias: middle.bias,
    actionWeight: action.weight,
    actionBias: action.bias,
    viewMarks,
  }
}

/** Both frames that the processor makes of a picture are equal, so the kernel [out, 3, 2, p, p] sums over them. */
async function foldPatchEmbed({ dims }: InternVlaConfig, reader: TensorReader): Promise<Numbers> {
  const area = dims.vit_patch ** 2
  const kernel = await reader.rows(`${visual}.patch_embed.proj.weight`, 0, dims.vit_hidden)
  return Float32Array.from({ length: dims.vit_hidden * 3 * area }, (_, index) => {
    const pixel = index % area
    const plane = Math.floor(index / area) * 2 * area
    return (kernel[plane + pixel] ?? 0) + (kernel[plane + area + pixel] ?? 0)
  })
}

/** The learned square table at the places of the patches, bilinear, corners on corners. */
async function interpolatePositions({ dims }: InternVlaConfig, reader: TensorReader): Promise<Numbers> {
  const table = await reader.rows(`${visual}.pos_embed.weight`, 0, dims.vit_pos)
  return positionGrid(
    table,
    dims.vit_pos,
    dims.vit_hidden,
    internVla.modelSide / dims.vit_patch,
    dims.vit_merge,
  )
}

export function positionGrid(
  table: Float32Array,
  entries: number,
  width: number,
  side: number,
  merge: number,
): Numbers {
  const tableSide = Math.sqrt(entries)
  const place = (index: number): { low: number; high: number; share: number } => {
    const at = Math.fround((index * (tableSide - 1)) / (side - 1))
    const low = Math.floor(at)
    return { low, high: Math.min(low + 1, tableSide - 1), share: at - low }
  }
  const grid = new Float32Array(side * side * width)
  patchOrder(side, merge).forEach(([row, column], patch) => {
    const y = place(row)
    const x = place(column)
    for (let k = 0; k < width; k++) {
      const at = (r: number, c: number): number => table[(r * tableSide + c) * width + k] ?? 0
      const upper = (1 - x.share) * at(y.low, x.low) + x.share * at(y.low, x.high)
      const lower = (1 - x.share) * at(y.high, x.low) + x.share * at(y.high, x.high)
      grid[patch * width + k] = (1 - y.share) * upper + y.share * lower
    }
  })
  return grid
}

/** A 1 × 1 convolution before an 8 × 8 one is one 8 × 8 convolution. Read in blocks: the real kernel has 67 M numbers. */
async function foldMiddle(
  { dims }: InternVlaConfig,
  reader: TensorReader,
): Promise<{ weight: Numbers; bias: Numbers }> {
  const { exp_hidden: hidden, cosmos_latent: latent } = dims
  const area = internVla.latentPerToken ** 2
  const inner = await reader.rows('model.cosmos_in_proj.weight', 0, hidden)
  const innerBias = await reader.rows('model.cosmos_in_proj.bias', 0, hidden)
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
async function foldAction(
  config: InternVlaConfig,
  reader: TensorReader,
): Promise<{ weight: Numbers; bias: Numbers }> {
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

async function readMarks({ dims }: InternVlaConfig, reader: TensorReader): Promise<Numbers> {
  const start = await reader.rows(embeddingName, dims.vision_start_token_id, 1)
  const end = await reader.rows(embeddingName, dims.vision_end_token_id, 1)
  return Float32Array.from([...start, ...end])
}
