/** Tries one execution provider in a process of its own: a driver that crashes takes nothing else along. */
import type { ProviderName, ProviderStatus } from '#contract/services/policy.ts'
import type { TensorValue } from '#core/policy/tensor-value.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { RunnerProcess } from '../runner/runner-process.ts'
import { findCudaLibraries } from './cuda-libraries.ts'
import { isSoftwareVulkan, nvidiaCards } from './graphics-cards.ts'
import { probeGraph, probeInput, relativeDifference } from './probe-graph.ts'

/** TF32 and other fast paths of GPUs stay far below this; a wrong driver does not. */
const tolerance = 5e-3
/** The first run on a GPU compiles shaders. */
const limitMs = 60_000

/** Environment that a process computing on `provider` is started with. */
export function providerEnvironment(
  provider: ProviderName,
  cudaFolders: readonly string[],
): Readonly<Record<string, string>> {
  if (provider !== 'cuda' || process.platform !== 'linux') return {}
  const { folders } = findCudaLibraries(cudaFolders)
  const given = process.env['LD_LIBRARY_PATH'] ?? ''
  return { LD_LIBRARY_PATH: [...folders, given].filter((path) => path !== '').join(':') }
}

/** @param cudaFolders where `foresight gpu install` put libraries */
export async function probeProvider(
  name: ProviderName,
  cudaFolders: readonly string[],
): Promise<ProviderStatus> {
  const absent = absence(name, cudaFolders)
  if (absent !== null) return { name, status: 'missing', detail: absent }
  const [expected, found] = await Promise.all([
    compute('cpu', {}),
    name === 'cpu' ? null : compute(name, providerEnvironment(name, cudaFolders)),
  ])
  if (!expected.ok) return { name, status: 'fails', detail: expected.error.message }
  if (found === null) return { name, status: 'works', detail: 'every machine has it' }
  if (!found.ok) {
    const status = /no supported adapters/iu.test(found.error.message) ? 'missing' : 'fails'
    return { name, status, detail: found.error.message }
  }
  const difference = relativeDifference(found.value, expected.value)
  if (!(difference <= tolerance))
    return {
      name,
      status: 'fails',
      detail: `its numbers differ from the CPU’s by ${difference.toExponential(1)}`,
    }
  return { name, status: 'works', detail: await deviceOf(name) }
}

/** Why it need not be tried at all. */
function absence(name: ProviderName, cudaFolders: readonly string[]): string | null {
  const { platform, arch } = process
  if (name === 'dml') return platform === 'win32' ? null : 'DirectML exists on Windows only'
  if (name === 'coreml') return platform === 'darwin' ? null : 'Core ML exists on macOS only'
  if (name === 'webgpu' && platform === 'linux' && arch !== 'x64')
    return 'the runtime has no WebGPU build for Linux on this processor'
  if (name !== 'cuda') return null
  if (platform !== 'linux' || arch !== 'x64') return 'the runtime has a CUDA build for Linux x64 only'
  const { missing } = findCudaLibraries(cudaFolders)
  return missing.length === 0
    ? null
    : `not found: ${missing.join(', ')}. \`foresight gpu install\` tells what to fetch from where (docs/gpu.md)`
}

async function compute(
  provider: ProviderName,
  env: Readonly<Record<string, string>>,
): Promise<Result<TensorValue | undefined>> {
  await using runner = new RunnerProcess({ env, priority: 'low' })
  const limit = Promise.withResolvers<Result<never>>()
  const timer = setTimeout(
    () => limit.resolve(fail('policy/provider-failed', `no answer within ${limitMs / 1000} s`)),
    limitMs,
  )
  const answer = await Promise.race([limit.promise, computeIn(runner, provider)])
  clearTimeout(timer)
  return answer
}

async function computeIn(
  runner: RunnerProcess,
  provider: ProviderName,
): Promise<Result<TensorValue | undefined>> {
  const session = await runner.open({
    model: probeGraph(),
    folder: null,
    sidecars: [],
    provider,
    threads: 1,
    hasPrepacking: true,
    keep: [],
  })
  if (!session.ok) return session
  const answer = await session.value.run({ x: probeInput() })
  return answer.ok ? ok(answer.value.outputs['y']) : answer
}

async function deviceOf(name: ProviderName): Promise<string> {
  if (name === 'webgpu' && isSoftwareVulkan(process.env)) return 'software renderer, no graphics card'
  const cards = name === 'cuda' || name === 'webgpu' ? await nvidiaCards() : []
  return cards.map((card) => card.name).join(', ') || 'the system’s graphics device'
}
