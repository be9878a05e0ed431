/** Tensors whose bytes lie outside the model file: a path relative to it, and a byte range (spec/internvla-a1.md §4.3). */
import type { TensorProto } from './onnx-proto.ts'

export interface ExternalData {
  readonly location: string
  readonly offset: number
  readonly length: number
}

export const externalFields = ({ location, offset, length }: ExternalData) =>
  ({
    dataLocation: 1,
    externalData: [
      { key: 'location', value: location },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(length) },
    ],
  }) as const

export interface SidecarTarget {
  readonly location: string
  /** Tensors of fewer bytes stay inside. */
  readonly fromBytes: number
}

/** Alignment for memory mapping and vector loads. */
const alignment = 64

export function moveToSidecar(
  initializers: readonly TensorProto[],
  { location, fromBytes }: SidecarTarget,
): { readonly initializers: readonly TensorProto[]; readonly sidecar: Uint8Array } {
  const parts: { readonly offset: number; readonly bytes: Uint8Array }[] = []
  let end = 0
  const moved = initializers.map((tensor) => {
    const { rawData, ...rest } = tensor
    if (rawData === undefined || rawData.length < fromBytes) return tensor
    const offset = Math.ceil(end / alignment) * alignment
    parts.push({ offset, bytes: rawData })
    end = offset + rawData.length
    return { ...rest, ...externalFields({ location, offset, length: rawData.length }) }
  })
  const sidecar = new Uint8Array(end)
  for (const { offset, bytes } of parts) sidecar.set(bytes, offset)
  return { initializers: moved, sidecar }
}
