/** Matrix products. Weights keep PyTorch's layout [out, in], so that they can be read from a checkpoint as they lie there. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { matMulShape, sizeAt } from './shape.ts'

export function matMul(g: GraphBuilder, a: Value, b: Value): Value {
  return g.node({ op: 'MatMul', inputs: [a, b] }, { type: a.type, shape: matMulShape(a.shape, b.shape) })
}

/** `x` [rows, in] times `weight` [out, in] transposed, plus `bias` (broadcast to [rows, out]). */
export function linear(g: GraphBuilder, x: Value, weight: Value, bias: Value | null = null): Value {
  if (x.shape.length !== 2 || sizeAt(x.shape, 1) !== sizeAt(weight.shape, 1)) {
    throw new Error(`linear of [${x.shape.join(', ')}] with [${weight.shape.join(', ')}]`)
  }
  const inputs = bias === null ? [x, weight] : [x, weight, bias]
  const shape = [sizeAt(x.shape, 0), sizeAt(weight.shape, 0)]
  return g.node({ op: 'Gemm', inputs, attributes: { transB: { int: 1 } } }, { type: x.type, shape })
}
