/** Element types of ONNX tensors: their number in the ONNX schema and their size on disk. */

const elementTypes = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  uint16: { code: 4, bytes: 2 },
  int16: { code: 5, bytes: 2 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
  uint32: { code: 12, bytes: 4 },
  uint64: { code: 13, bytes: 8 },
  bfloat16: { code: 16, bytes: 2 },
} as const

export type ElementType = keyof typeof elementTypes

/** `TensorProto.DataType` of the ONNX schema. */
export const elementCode = (type: ElementType): number => elementTypes[type].code

export const bytesPerElement = (type: ElementType): number => elementTypes[type].bytes

/** Number of elements of a static shape; a scalar (`[]`) has one. */
export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1)
