/** Scaled dot-product attention with grouped heads, and rotary positions. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { add, mul, sub } from './ops-elementwise.ts'
import { concat, expand, split } from './ops-layout.ts'
import { sizeAt } from './shape.ts'

/**
 * softmax(q·kᵀ / √width + mask) · v.
 * @param q [batch, heads, queries, width]
 * @param k [batch, kv heads, keys, width], `v` alike; head h uses kv head ⌊h · kv heads / heads⌋
 * @param mask bool [keys], true where a key may be attended to, or null for all; bool [queries, keys] says it per query
 */
export function attention(g: GraphBuilder, q: Value, k: Value, v: Value, mask: Value | null): Value {
  const [queries, keys] = [sizeAt(q.shape, 2), sizeAt(k.shape, 2)]
  const pairs = mask === null || mask.shape.length === 2 ? mask : expand(g, mask, [queries, keys])
  const inputs = pairs === null ? [q, k, v] : [q, k, v, pairs]
  return g.node({ op: 'Attention', inputs }, { type: q.type, shape: q.shape })
}

/** Cosines and sines [tokens, width / 2] of every token's angles. */
export interface RopeValues {
  readonly cos: Value
  readonly sin: Value
}

/** Turns the two halves of the last axis of `x` [..., tokens, width] into each other. */
export function rotate(g: GraphBuilder, x: Value, { cos, sin }: RopeValues): Value {
  const [first, second] = split(g, x, -1, 2)
  if (first === undefined || second === undefined) throw new Error('two halves expected')
  const left = sub(g, mul(g, first, cos), mul(g, second, sin))
  const right = add(g, mul(g, second, cos), mul(g, first, sin))
  return concat(g, [left, right], -1)
}
