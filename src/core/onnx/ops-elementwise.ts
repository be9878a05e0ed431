/** Element-wise ONNX operators with Numpy broadcasting. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { broadcastShape } from './shape.ts'

const binary =
  (op: string) =>
  (g: GraphBuilder, a: Value, b: Value): Value => {
    if (a.type !== b.type) throw new Error(`${op} of ${a.type} and ${b.type}`)
    return g.node({ op, inputs: [a, b] }, { type: a.type, shape: broadcastShape(a.shape, b.shape) })
  }

const unary =
  (op: string) =>
  (g: GraphBuilder, x: Value): Value =>
    g.node({ op, inputs: [x] }, { type: x.type, shape: x.shape })

export const add = binary('Add')
export const and = binary('And')
export const sub = binary('Sub')
export const mul = binary('Mul')
export const div = binary('Div')
export const minimum = binary('Min')
export const maximum = binary('Max')

export const abs = unary('Abs')
export const acos = unary('Acos')
export const atan = unary('Atan')
export const cos = unary('Cos')
export const exp = unary('Exp')
export const neg = unary('Neg')
export const sigmoid = unary('Sigmoid')
export const sin = unary('Sin')
export const sqrt = unary('Sqrt')

/** `x` kept within two constants. */
export const clamp = (g: GraphBuilder, x: Value, lower: number, upper: number): Value =>
  minimum(g, maximum(g, x, g.scalar(lower)), g.scalar(upper))

/** The angle of the point (x, y) in −π…π by the half-angle formula. It is undefined on the negative x-axis, where it answers a finite value. */
export function atan2(g: GraphBuilder, y: Value, x: Value): Value {
  const radius = sqrt(g, add(g, mul(g, x, x), mul(g, y, y)))
  const adjacent = maximum(g, add(g, radius, x), g.scalar(1e-9))
  return mul(g, g.scalar(2), atan(g, div(g, y, adjacent)))
}

/** x · σ(x). */
export const silu = (g: GraphBuilder, x: Value): Value => mul(g, x, sigmoid(g, x))

/** The exact error-function form, or the hyperbolic-tangent approximation. */
export const gelu = (g: GraphBuilder, x: Value, approximate: 'none' | 'tanh'): Value =>
  g.node(
    { op: 'Gelu', inputs: [x], attributes: { approximate: { text: approximate } } },
    { type: x.type, shape: x.shape },
  )
