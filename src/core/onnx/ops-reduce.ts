/** ONNX operators that fold one axis. The axis stays, with size 1. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { withAxis } from './shape.ts'

const reduction =
  (op: string) =>
  (g: GraphBuilder, x: Value, axis: number): Value =>
    g.node(
      { op, inputs: [x, g.sizes([axis])], attributes: { keepdims: { int: 1 } } },
      { type: x.type, shape: withAxis(x.shape, axis, 1) },
    )

export const reduceMax = reduction('ReduceMax')
export const reduceMean = reduction('ReduceMean')
export const reduceSum = reduction('ReduceSum')
export const reduceSumSquare = reduction('ReduceSumSquare')
