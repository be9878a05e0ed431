/** Scaled dot-product attention with grouped heads, and rotary positions. */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { add, mul, sub } from './ops-elementwise.ts'
import { cast, concat, expand, reshape, split, transpose } from './ops-layout.ts'
import { fourSizes, sizeAt } from './shape.ts'

/**
 * softmax(q·kᵀ / √width + mask) · v.
 * @param q [batch, heads, queries, width]
 * @param k [batch, kv heads, keys, width], `v` alike; head h uses kv head ⌊h · kv heads / heads⌋
 * @param mask from `attentionMask`; null for everywhere
 */
export function attention(g: GraphBuilder, q: Value, k: Value, v: Value, mask: Value | null): Value {
  if (g.dialect === 'directml') return multiHeadAttention(g, q, k, v, mask)
  if (g.dialect === 'cpu' && isWorthGrouping(q, k)) return grouped(g, q, k, v, mask)
  return scaledDotProduct(g, q, k, v, mask)
}

function scaledDotProduct(g: GraphBuilder, q: Value, k: Value, v: Value, mask: Value | null): Value {
  const inputs = mask === null ? [q, k, v] : [q, k, v, mask]
  return g.node({ op: 'Attention', inputs }, { type: q.type, shape: q.shape })
}

/** Rows of queries beyond which the runtime's products are at their best speed without more. */
const enoughRows = 256

function isWorthGrouping(q: Value, k: Value): boolean {
  const share = sizeAt(q.shape, 1) / sizeAt(k.shape, 1)
  return share > 1 && share * sizeAt(q.shape, 2) <= enoughRows
}

/** Heads that share keys lie one after the other: their queries as rows of one head, which reads these keys once. */
function grouped(g: GraphBuilder, q: Value, k: Value, v: Value, mask: Value | null): Value {
  const [batch, heads, queries, width] = fourSizes(q.shape)
  const own = sizeAt(k.shape, 1)
  const share = heads / own
  const rows = reshape(g, q, [batch, own, share * queries, width])
  const all = mask === null ? null : concat(g, Array<Value>(share).fill(mask), 2)
  return reshape(g, scaledDotProduct(g, rows, k, v, all), q.shape)
}

/** ONNX Runtime's own operator: queries as rows, every head with keys of its own. */
function multiHeadAttention(g: GraphBuilder, q: Value, k: Value, v: Value, mask: Value | null): Value {
  const [batch, heads, queries, width] = fourSizes(q.shape)
  const rows = (x: Value): Value =>
    reshape(g, transpose(g, x, [0, 2, 1, 3]), [batch, sizeAt(x.shape, 2), heads * width])
  const inputs = [rows(q), rows(repeated(g, k, heads)), rows(repeated(g, v, heads)), null, null]
  const bias = mask === null ? [] : [mask]
  const attributes = { num_heads: { int: heads } }
  const output = g.node(
    { op: 'MultiHeadAttention', domain: 'com.microsoft', inputs: [...inputs, ...bias], attributes },
    { type: q.type, shape: [batch, queries, heads * width] },
  )
  return transpose(g, reshape(g, output, [batch, queries, heads, width]), [0, 2, 1, 3])
}

/** Every kv head once for each head that uses it. */
function repeated(g: GraphBuilder, x: Value, heads: number): Value {
  const [batch, own, keys, width] = fourSizes(x.shape)
  if (own === heads) return x
  const wide = expand(g, reshape(g, x, [batch, own, 1, keys, width]), [batch, own, heads / own, keys, width])
  return reshape(g, wide, [batch, heads, keys, width])
}

/** So far below every score that nothing is left of it, and still a number of a half float. */
const masked = 60_000

/**
 * A mask as attention takes it, to be made once for all who use it: on GPUs as it is; else as numbers [1, 1, queries, keys] to
 * be added, which the CPU's operator would otherwise make anew in every layer and DirectML's does not do without.
 * @param allow bool [queries, keys], true where a key may be attended to
 */
export function attentionMask(g: GraphBuilder, allow: Value): Value {
  if (g.dialect === 'standard') return allow
  const allowed = reshape(g, cast(g, allow, 'float32'), [1, 1, ...allow.shape])
  return mul(g, sub(g, allowed, g.scalar(1)), g.scalar(masked))
}

/** Cosines and sines [batch, tokens, width / 2] of every token's angles. */
export interface RopeValues {
  readonly cos: Value
  readonly sin: Value
}

/** Turns the two halves of the last axis of `x` [batch, heads, tokens, width] into each other. */
export function rotate(g: GraphBuilder, x: Value, { cos, sin }: RopeValues): Value {
  if (g.dialect !== 'directml')
    return g.node({ op: 'RotaryEmbedding', inputs: [x, cos, sin] }, { type: x.type, shape: x.shape })
  const [first, second] = split(g, x, 3, 2)
  if (first === undefined || second === undefined) throw new Error('two halves expected')
  const perHead = (table: Value): Value =>
    reshape(g, table, [sizeAt(table.shape, 0), 1, ...table.shape.slice(1)])
  const [c, s] = [perHead(cos), perHead(sin)]
  const turned = [sub(g, mul(g, first, c), mul(g, second, s)), add(g, mul(g, second, c), mul(g, first, s))]
  return concat(g, turned, 3)
}
