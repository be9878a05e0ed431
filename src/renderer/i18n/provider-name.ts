/** Names of what computes a policy, as their makers write them: the same in every language. */
const names: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
}

/** One that has no such name, as a server on another machine, stays as it is told. */
export const providerTitle = (provider: string): string => names[provider] ?? provider
