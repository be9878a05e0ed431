/** Tensors that a case is answered with, in the types of the reference data. */

export type CaseTensor =
  | { readonly type: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  /** 0 or 1 a byte. */
  | { readonly type: 'BOOL'; readonly shape: readonly number[]; readonly data: Uint8Array }

export type CaseTensors = ReadonlyMap<string, CaseTensor>

export const floats = (shape: readonly number[], data: Iterable<number>): CaseTensor => ({
  type: 'F32',
  shape,
  data: data instanceof Float32Array ? data : Float32Array.from(data),
})

export const integers = (shape: readonly number[], data: Iterable<number>): CaseTensor => ({
  type: 'I64',
  shape,
  data: BigInt64Array.from(Array.from(data, BigInt)),
})

export const booleans = (shape: readonly number[], data: Iterable<boolean>): CaseTensor => ({
  type: 'BOOL',
  shape,
  data: Uint8Array.from(data, Number),
})
