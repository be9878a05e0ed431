/** Named numbers that go into a graph and come out of it, in the types this program's graphs use. */

export type TensorValue =
  | { readonly type: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  /** Bits of half floats. */
  | { readonly type: 'float16'; readonly shape: readonly number[]; readonly data: Uint16Array }
  /** 0 or 1 a byte. */
  | { readonly type: 'bool'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array }

export type Tensors = Readonly<Record<string, TensorValue>>

/** What a graph says of one of its inputs or outputs; a size that it leaves open is a name. */
export interface TensorInfo {
  readonly name: string
  readonly type: string
  readonly shape: readonly (number | string)[]
}
