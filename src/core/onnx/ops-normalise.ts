/** Normalisations over the last axis or over groups of channels. */
import type { GraphBuilder, NodeSpec, Value } from './graph-builder.ts'
import { add, div, mul, sqrt, sub } from './ops-elementwise.ts'
import { expand, reshape } from './ops-layout.ts'
import { reduceMean, reduceSum, reduceSumSquare } from './ops-reduce.ts'
import { fourSizes, sizeAt } from './shape.ts'

/** x / √(mean(x²) + eps) · weight over the last axis. */
export function rmsNorm(g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value {
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } }
  // ONNX Runtime's older name of the same operator, which every provider has.
  const op = g.dialect === 'directml' ? 'SimplifiedLayerNormalization' : 'RMSNormalization'
  return g.node({ op, inputs: [x, weight], attributes }, { type: x.type, shape: x.shape })
}

/** `x` + `change`, and the RMS norm of that: on a CPU one operator, which has no turn of its own for each. */
export function addThenRmsNorm(
  g: GraphBuilder,
  x: Value,
  change: Value,
  weight: Value,
  epsilon: number,
): { readonly sum: Value; readonly normal: Value } {
  if (g.dialect !== 'cpu') {
    const sum = add(g, x, change)
    return { sum, normal: rmsNorm(g, sum, weight, epsilon) }
  }
  const output = { type: x.type, shape: x.shape }
  const node: NodeSpec = {
    op: 'SkipSimplifiedLayerNormalization',
    domain: 'com.microsoft',
    inputs: [x, change, weight],
    attributes: { epsilon: { float: epsilon } },
  }
  // Mean and deviation are outputs in between that nobody asks for.
  const [normal, , , sum] = g.nodes(node, [output, output, output, output])
  if (normal === undefined || sum === undefined) throw new Error('four outputs expected')
  return { sum, normal }
}

/** Mean and variance over the last axis, then weight and bias. */
export function layerNorm(g: GraphBuilder, x: Value, weight: Value, bias: Value, epsilon: number): Value {
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } }
  return g.node(
    { op: 'LayerNormalization', inputs: [x, weight, bias], attributes },
    { type: x.type, shape: x.shape },
  )
}

/** Numbers that one sum in float32 may run over: the sums of rows are summed again. */
const rowLength = 256

/**
 * Mean and variance over each group of channels of `x` [n, c, h, w], then `weight` and `bias` [c, 1, 1]. Written out, and
 * with means of rows before means of planes: the runtimes' own norms add thousands of numbers in one float32, and of a
 * picture without contrast (a missing view) only their rounding would be left.
 */
export function groupNorm(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  bias: Value,
  groups: number,
  epsilon: number,
): Value {
  const [count, channels, height, width] = fourSizes(x.shape)
  const plane = (channels / groups) * height * width
  const length = plane % rowLength === 0 ? rowLength : width
  const rows = reshape(g, x, [count, groups, plane / length, length])
  const centred = sub(g, rows, reduceMean(g, reduceMean(g, rows, 3), 2))
  const squares = reduceSum(g, reduceSumSquare(g, centred, 3), 2)
  const variance = mul(g, squares, g.scalar(1 / plane))
  if (g.dialect === 'cpu' && count === 1)
    return scaledByChannel(g, reshape(g, centred, x.shape), variance, weight, bias, epsilon)
  const deviation = sqrt(g, add(g, variance, g.scalar(epsilon)))
  // One factor a channel, so that the picture itself is passed over as rarely as possible.
  const factor = div(g, reshape(g, weight, [1, groups, channels / groups, 1]), deviation)
  const scaled = mul(g, reshape(g, centred, x.shape), reshape(g, factor, [count, channels, 1, 1]))
  return add(g, scaled, bias)
}

/**
 * `centred` / √(variance + eps) · weight + bias of one picture in one pass over it: a batch norm whose mean is 0.
 * @param variance one number a group: [1, groups, 1, 1]
 */
function scaledByChannel(
  g: GraphBuilder,
  centred: Value,
  variance: Value,
  weight: Value,
  bias: Value,
  epsilon: number,
): Value {
  const [channels, groups] = [sizeAt(centred.shape, 1), sizeAt(variance.shape, 1)]
  const vector = (value: Value): Value => reshape(g, value, [channels])
  const perChannel = expand(g, reshape(g, variance, [groups, 1]), [groups, channels / groups])
  const inputs = [centred, vector(weight), vector(bias), g.filled(0, [channels]), vector(perChannel)]
  return g.node(
    { op: 'BatchNormalization', inputs, attributes: { epsilon: { float: epsilon } } },
    { type: centred.type, shape: centred.shape },
  )
}
