/** How an architecture's prefix begins: pictures and instruction rows as one sequence of embeddings. */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { concat, reshape, slice } from '../../onnx/ops-layout.ts'
import type { InternVlaConfig } from './dims.ts'
import type { InternConfig } from './intern-dims.ts'
import type { InternFolds } from './intern-folds.ts'
import { internTower } from './intern-vision.ts'
import type { QwenFolds } from './qwen-folds.ts'
import type { Trace } from './trace.ts'
import { visionTower } from './vision-tower.ts'
import type { WeightSource } from './weights.ts'

/**
 * @param images [views, frames, 3, side, side], 0…1
 * @param text [instruction tokens, und_hidden]: rows of the embedding table, scaled where the architecture scales them
 * @returns [prefix, und_hidden]
 */
export type Front = (
  graph: GraphBuilder,
  images: Value,
  text: Value,
  weights: WeightSource,
  trace: Trace,
) => Value

/** The picture of now of every view. */
function present(g: GraphBuilder, images: Value): Value {
  const [views = 0, , , side = 0] = images.shape
  return reshape(g, slice(g, images, 1, 1, 2), [views, 3, side, side])
}

/** Each view between its two marks. */
export const qwenFront =
  (config: InternVlaConfig, folds: QwenFolds): Front =>
  (graph, images, text, weights, trace) => {
    const g = graph.scope('prefix')
    const { und_hidden: width } = config.dims
    const tower = graph.scope('visual')
    const merged = visionTower(
      tower,
      present(g, images),
      config.dims,
      folds,
      weights,
      config.hasRoundedFrequencies,
      trace,
    )
    const start = g.floats('vision_start', [1, width], folds.viewMarks.subarray(0, width))
    const end = g.floats('vision_end', [1, width], folds.viewMarks.subarray(width))
    const count = images.shape[0] ?? 0
    const perView = (merged.shape[0] ?? 0) / count
    const views = Array.from({ length: count }, (_, view) => [
      start,
      slice(g, merged, 0, view * perView, (view + 1) * perView),
      end,
    ])
    return concat(g, [...views.flat(), text], 0)
  }

export const internFront =
  (config: InternConfig, folds: InternFolds): Front =>
  (graph, images, text, weights, trace) => {
    const g = graph.scope('prefix')
    const tower = graph.scope('visual')
    const merged = internTower(tower, present(g, images), config, folds, weights, trace)
    return concat(g, [merged, text], 0)
  }
