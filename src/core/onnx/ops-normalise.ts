/** Normalisations over the last axis or over groups of channels. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { add, mul, sub } from './ops-elementwise.ts'
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
 * Mean and variance over each group of channels of `x` [n, c, h, w], then `weight` and `bias` [c, 1, 1]. Written with
 * InstanceNormalization, which every execution provider has (spec/internvla-a1.md §3). It adds thousands of numbers in one
 * float32: of a picture without contrast only rounding would be left. Hence the mean is taken off before, row by row.
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
  const centred = sub(g, rows, reduceMean(g, reduceMean(g, rows, 3), 2))
  const grouped = reshape(g, centred, [sizeAt(x.shape, 0), groups, -1])
  const ones = g.filled(1, [groups])
  const zeros = g.filled(0, [groups])
  const attributes = { epsilon: { float: epsilon } }
  const normal = g.node(
    { op: 'InstanceNormalization', inputs: [grouped, ones, zeros], attributes },
    { type: x.type, shape: grouped.shape },
  )
  return add(g, mul(g, reshape(g, normal, x.shape), weight), bias)
}
