/**
 * Folds of the 3B prefix (spec §7.2): the sum over the doubled frame, the interpolated position table, the embeddings of
 * the marks around a view.
 */
import type { InternVlaConfig } from './dims.ts'
import type { TensorReader } from './folds.ts'
import { patchOrder } from './patch-grid.ts'
import { internVla } from './trunk.ts'

type Numbers = Float32Array<ArrayBuffer>

export interface QwenFolds {
  /** [vit_hidden, 3 · patch²] */
  readonly patchEmbed: Numbers
  /** [patches, vit_hidden], patch order */
  readonly positionGrid: Numbers
  /** [2, und_hidden]: embeddings of the marks before and after a view. */
  readonly viewMarks: Numbers
}

const visual = 'model.qwen3_vl_with_expert.und_expert.model.visual'

export async function computeQwenFolds(config: InternVlaConfig, reader: TensorReader): Promise<QwenFolds> {
  return {
    patchEmbed: await foldPatchEmbed(config, reader),
    positionGrid: await interpolatePositions(config, reader),
    viewMarks: await readMarks(config, reader),
  }
}

/** Both frames that the processor makes of a picture are equal, so the kernel [out, 3, 2, p, p] sums over them. */
async function foldPatchEmbed({ dims }: InternVlaConfig, reader: TensorReader): Promise<Numbers> {
  const area = dims.vit_patch ** 2
  const kernel = await reader.rows(`${visual}.patch_embed.proj.weight`, 0, dims.vit_hidden, [
    dims.vit_hidden,
    3,
    2,
    dims.vit_patch,
    dims.vit_patch,
  ])
  return Float32Array.from({ length: dims.vit_hidden * 3 * area }, (_, index) => {
    const pixel = index % area
    const plane = Math.floor(index / area) * 2 * area
    return (kernel[plane + pixel] ?? 0) + (kernel[plane + area + pixel] ?? 0)
  })
}

/** The learned square table at the places of the patches, bilinear, corners on corners. */
async function interpolatePositions({ dims }: InternVlaConfig, reader: TensorReader): Promise<Numbers> {
  const table = await reader.rows(`${visual}.pos_embed.weight`, 0, dims.vit_pos, [
    dims.vit_pos,
    dims.vit_hidden,
  ])
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

/** A table of another width is refused where the graph is made, with everything else that does not fit. */
async function readMarks({ dims, modules }: InternVlaConfig, reader: TensorReader): Promise<Numbers> {
  const start = await reader.rows(modules.embedding, dims.vision_start_token_id, 1)
  const end = await reader.rows(modules.embedding, dims.vision_end_token_id, 1)
  const marks = new Float32Array(2 * dims.und_hidden)
  marks.set(start.subarray(0, dims.und_hidden))
  marks.set(end.subarray(0, dims.und_hidden), dims.und_hidden)
  return marks
}
