export interface WrittenTensor {
  readonly dtype: 'F32' | 'BF16' | 'F16' | 'I64'
  readonly shape: readonly number[]
  /** Number at a flat index; null leaves a hole. */
  readonly data: ((index: number) => number) | null
}

export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, WrittenTensor>,
  metadata: Readonly<Record<string, string>>,
): Promise<void>
