/** Normalisations over the last axis or over groups of channels. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { add, div, mul, sqrt, sub } from './ops-elementwise.ts'
import { reshape } from './ops-layout.ts'
import { reduceMean } from './ops-reduce.ts'
import { sizeAt } from './shape.ts'

/** x / √(mean(x²) + eps) · weight over the last axis. */
export function rmsNorm(g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value {
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } }
  return g.node({ op: 'RMSNormalization', inputs: [x, weight], attributes }, { type: x.type, shape: x.shape })
}

/** Mean and variance over the last axis, then weight and bias. */
export function layerNorm(g: GraphBuilder, x: Value, weight: Value, bias: Value, epsilon: number): Value {
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } }
  return g.node(
    { op: 'LayerNormalization', inputs: [x, weight, bias], attributes },
    { type: x.type, shape: x.shape },
  )
}

/**
 * Mean and variance over each group of channels of `x` [n, c, h, w], then `weight` and `bias` [c, 1, 1]. Written out, and
 * with means of rows before means of planes: InstanceNormalization adds thousands of numbers in one float32, and of a
 * picture without contrast (a missing view) only its rounding would be left.
 */
export function groupNorm(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  bias: Value,
  groups: number,
  epsilon: number,
): Value {
  const rows = reshape(g, x, [sizeAt(x.shape, 0), groups, -1, sizeAt(x.shape, 3)])
  const mean = (value: Value): Value => reduceMean(g, reduceMean(g, value, 3), 2)
  const centred = sub(g, rows, mean(rows))
  const deviation = sqrt(g, add(g, mean(mul(g, centred, centred)), g.scalar(epsilon)))
  const normal = reshape(g, div(g, centred, deviation), x.shape)
  return add(g, mul(g, normal, weight), bias)
}
