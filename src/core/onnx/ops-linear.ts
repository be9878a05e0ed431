/**
 * Matrix products. Weights keep PyTorch's layout [out, in], so that they can be read from a checkpoint as they lie there. A
 * weight of another float type is multiplied in its own type: only the product's two sides are cast, never the weight.
 */
import { blockLinear, isBlockWeight } from './block-weights.ts'
import type { BlockWeight } from './block-weights.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { add } from './ops-elementwise.ts'
import { cast } from './ops-layout.ts'
import { matMulShape, sizeAt } from './shape.ts'

export function matMul(g: GraphBuilder, a: Value, b: Value): Value {
  const left = cast(g, a, b.type)
  const product = g.node(
    { op: 'MatMul', inputs: [left, b] },
    { type: b.type, shape: matMulShape(a.shape, b.shape) },
  )
  return cast(g, product, a.type)
}

/** `x` [rows, in] times `weight` [out, in] transposed, plus `bias` (broadcast to [rows, out]). */
export function linear(
  g: GraphBuilder,
  x: Value,
  weight: Value | BlockWeight,
  bias: Value | null = null,
): Value {
  if (isBlockWeight(weight)) {
    const product = blockLinear(g, x, weight)
    return bias === null ? product : add(g, product, bias)
  }
  if (x.shape.length !== 2 || sizeAt(x.shape, 1) !== sizeAt(weight.shape, 1)) {
    throw new Error(`linear of [${x.shape.join(', ')}] with [${weight.shape.join(', ')}]`)
  }
  const side = cast(g, x, weight.type)
  const inputs = bias === null ? [side, weight] : [side, weight, cast(g, bias, weight.type)]
  const shape = [sizeAt(x.shape, 0), sizeAt(weight.shape, 0)]
  const product = g.node(
    { op: 'Gemm', inputs, attributes: { transB: { int: 1 } } },
    { type: weight.type, shape },
  )
  return cast(g, product, x.type)
}
