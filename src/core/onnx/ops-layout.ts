/** ONNX operators that move elements without changing them. */
import type { ElementType } from './element-type.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { axisIndex, broadcastShape, concatShape, reshapeShape, sizeAt, withAxis } from './shape.ts'

/** One size in `shape` may be −1. */
export function reshape(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  const result = reshapeShape(x.shape, shape)
  const target = g.sizes(result)
  return g.node({ op: 'Reshape', inputs: [x, target] }, { type: x.type, shape: result })
}

export function transpose(g: GraphBuilder, x: Value, order: readonly number[]): Value {
  const isPermutation =
    order.length === x.shape.length && order.toSorted((a, b) => a - b).every((axis, index) => axis === index)
  if (!isPermutation) throw new Error(`[${order.join(', ')}] does not order ${x.shape.length} axes`)
  const shape = order.map((axis) => sizeAt(x.shape, axis))
  return g.node(
    { op: 'Transpose', inputs: [x], attributes: { perm: { ints: order } } },
    { type: x.type, shape },
  )
}

export function concat(g: GraphBuilder, parts: readonly Value[], axis: number): Value {
  const shape = concatShape(
    parts.map((part) => part.shape),
    axis,
  )
  const type = parts[0]?.type ?? 'float32'
  if (parts.some((part) => part.type !== type)) throw new Error('concatenation of different element types')
  return g.node({ op: 'Concat', inputs: parts, attributes: { axis: { int: axis } } }, { type, shape })
}

/** Elements `from` (inclusive) to `to` (exclusive) along one axis. */
export function slice(g: GraphBuilder, x: Value, axis: number, from: number, to: number): Value {
  const size = sizeAt(x.shape, axis)
  if (!(from >= 0 && from < to && to <= size)) throw new Error(`slice ${from}…${to} of ${size} elements`)
  const at = axisIndex(x.shape, axis)
  const inputs = [x, g.sizes([from]), g.sizes([to]), g.sizes([at])]
  return g.node({ op: 'Slice', inputs }, { type: x.type, shape: withAxis(x.shape, at, to - from) })
}

/** Repeats axes of size 1, by Numpy's rule. */
export function expand(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  return g.node(
    { op: 'Expand', inputs: [x, g.sizes(shape)] },
    { type: x.type, shape: broadcastShape(x.shape, shape) },
  )
}

export function cast(g: GraphBuilder, x: Value, type: ElementType): Value {
  return x.type === type
    ? x
    : g.node({ op: 'Cast', inputs: [x], attributes: { to: { type } } }, { type, shape: x.shape })
}

/** Equal parts along one axis. */
export function split(g: GraphBuilder, x: Value, axis: number, parts: number): readonly Value[] {
  const at = axisIndex(x.shape, axis)
  const size = sizeAt(x.shape, at) / parts
  if (!Number.isInteger(size)) throw new Error(`${sizeAt(x.shape, at)} elements do not split into ${parts}`)
  const outputs = Array.from({ length: parts }, () => ({ type: x.type, shape: withAxis(x.shape, at, size) }))
  const attributes = { axis: { int: at }, num_outputs: { int: parts } }
  return g.nodes({ op: 'Split', inputs: [x], attributes }, outputs)
}
