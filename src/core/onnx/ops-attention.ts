/** Scaled dot-product attention with grouped heads, and rotary positions. */
import type { GraphBuilder, Value } from './graph-builder.ts'

/**
 * softmax(q·kᵀ / √width + mask) · v.
 * @param q [batch, heads, queries, width]
 * @param k [batch, kv heads, keys, width], `v` alike; head h uses kv head ⌊h · kv heads / heads⌋
 * @param mask bool [queries, keys], true where a key may be attended to; null for everywhere
 */
export function attention(g: GraphBuilder, q: Value, k: Value, v: Value, mask: Value | null): Value {
  const inputs = mask === null ? [q, k, v] : [q, k, v, mask]
  return g.node({ op: 'Attention', inputs }, { type: q.type, shape: q.shape })
}

/** Cosines and sines [batch, tokens, width / 2] of every token's angles. */
export interface RopeValues {
  readonly cos: Value
  readonly sin: Value
}

/** Turns the two halves of the last axis of `x` [batch, heads, tokens, width] into each other. */
export function rotate(g: GraphBuilder, x: Value, { cos, sin }: RopeValues): Value {
  return g.node({ op: 'RotaryEmbedding', inputs: [x, cos, sin] }, { type: x.type, shape: x.shape })
}
