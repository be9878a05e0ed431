/** What a MessagePack message of a policy server holds: MessagePack's own values, and numpy's arrays and scalars. */

/** A numpy array as it travels: bytes in C order. */
export class NdArray {
  /** numpy's `dtype.str`: byte order, kind, bytes, e.g. `<f4`, `|u1`. */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: Uint8Array

  constructor(dtype: string, shape: readonly number[], data: Uint8Array) {
    this.dtype = dtype
    this.shape = shape
    this.data = data
  }
}

/** A numpy scalar, such as `np.float32(1)`. */
export class NpScalar {
  readonly dtype: string
  readonly value: boolean | number | bigint | string | Uint8Array

  constructor(dtype: string, value: NpScalar['value']) {
    this.dtype = dtype
    this.value = value
  }
}

/** A Python float whose value may be whole: it is written as a float all the same. Only for writing; read floats are numbers. */
export class WireFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

export type WireValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | NdArray
  | NpScalar
  | WireFloat
  | readonly WireValue[]
  | WireMap

export interface WireMap {
  readonly [key: string]: WireValue
}

export const isWireMap = (value: WireValue | undefined): value is WireMap =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof NdArray) &&
  !(value instanceof NpScalar) &&
  !(value instanceof WireFloat)
