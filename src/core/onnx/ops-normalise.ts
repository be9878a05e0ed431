/** Normalisations over the last axis or over groups of channels. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { add, div, mul, sqrt, sub } from './ops-elementwise.ts'
import { expand, reshape } from './ops-layout.ts'
import { reduceMean, reduceSum, reduceSumSquare } from './ops-reduce.ts'
import { sizeAt } from './shape.ts'

/** x / √(mean(x²) + eps) · weight over the last axis. */
export function rmsNorm(g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value {
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } }
  // ONNX Runtime's older name of the same operator, which every provider has.
  const op = g.dialect === 'directml' ? 'SimplifiedLayerNormalization' : 'RMSNormalization'
  return g.node({ op, inputs: [x, weight], attributes }, { type: x.type, shape: x.shape })
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
  const [count, channels] = [sizeAt(x.shape, 0), sizeAt(x.shape, 1)]
  const rows = reshape(g, x, [count, groups, -1, sizeAt(x.shape, 3)])
  const centred = sub(g, rows, reduceMean(g, reduceMean(g, rows, 3), 2))
  const squares = reduceSum(g, reduceSumSquare(g, centred, 3), 2)
  const perGroup = 1 / (sizeAt(rows.shape, 2) * sizeAt(rows.shape, 3))
  if (g.dialect === 'cpu') {
    const variance = mul(g, squares, g.scalar(perGroup))
    return scaledByChannel(g, reshape(g, centred, x.shape), variance, weight, bias, epsilon)
  }
  const deviation = sqrt(g, add(g, mul(g, squares, g.scalar(perGroup)), g.scalar(epsilon)))
  // One factor a channel, so that the picture itself is passed over as rarely as possible.
  const factor = div(g, reshape(g, weight, [1, groups, channels / groups, 1]), deviation)
  const scaled = mul(g, reshape(g, centred, x.shape), reshape(g, factor, [count, channels, 1, 1]))
  return add(g, scaled, bias)
}

/**
 * `centred` / √(variance + eps) · weight + bias in one pass over the picture: channels of all pictures side by side are what
 * BatchNormalization takes. @param variance one number a group: [n, groups, 1, 1]
 */
function scaledByChannel(
  g: GraphBuilder,
  centred: Value,
  variance: Value,
  weight: Value,
  bias: Value,
  epsilon: number,
): Value {
  const [count, channels, height, width] = [0, 1, 2, 3].map((axis) => sizeAt(centred.shape, axis)) as [
    number,
    number,
    number,
    number,
  ]
  const groups = sizeAt(variance.shape, 1)
  const wide = count * channels
  const spread = (value: Value, shape: readonly number[]): Value =>
    reshape(g, expand(g, reshape(g, value, shape), [count, groups, channels / groups]), [wide])
  const inputs = [
    reshape(g, centred, [1, wide, height, width]),
    spread(weight, [1, groups, channels / groups]),
    spread(bias, [1, groups, channels / groups]),
    g.filled(0, [wide]),
    spread(variance, [count, groups, 1]),
  ]
  const scaled = g.node(
    { op: 'BatchNormalization', inputs, attributes: { epsilon: { float: epsilon } } },
    { type: centred.type, shape: [1, wide, height, width] },
  )
  return reshape(g, scaled, centred.shape)
}
