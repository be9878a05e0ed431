/** Node attributes: plain values on the way in, tagged ONNX attributes on the way out. */
import { elementCode } from './element-type.ts'
import type { ElementType } from './element-type.ts'
import type { AttributeProto } from './onnx-proto.ts'

/** JavaScript has one number type and ONNX two, so the kind is always said. */
export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly type: ElementType }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }

/** `AttributeProto.AttributeType` of the ONNX schema. */
const attributeType = { float: 1, int: 2, text: 3, floats: 6, ints: 7 }

export function attributeOf(name: string, value: AttributeValue): AttributeProto {
  if ('int' in value) return { name, type: attributeType.int, i: value.int }
  if ('float' in value) return { name, type: attributeType.float, f: value.float }
  if ('type' in value) return { name, type: attributeType.int, i: elementCode(value.type) }
  if ('text' in value) return { name, type: attributeType.text, s: value.text }
  if ('ints' in value) return { name, type: attributeType.ints, ints: value.ints }
  return { name, type: attributeType.floats, floats: value.floats }
}
