export interface TensorSpec {
  readonly dtype: 'F32' | 'BF16' | 'I64'
  readonly shape: readonly number[]
  readonly kind: 'matrix' | 'norm' | 'bias' | 'head' | 'constant'
}

/** Every tensor of an InternVLA-A1-3B checkpoint of these sizes. */
export function qwena1Tensors(
  dims: Readonly<Record<string, unknown>>,
): Iterable<readonly [name: string, spec: TensorSpec]>
