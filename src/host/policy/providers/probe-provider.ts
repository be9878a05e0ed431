/** Tries one execution provider in a process of its own: a driver that crashes takes nothing else along. */
import type { ProviderName, ProviderStatus } from '#contract/services/policy.ts'
import type { TensorValue } from '#core/policy/tensor-value.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import { RunnerProcess } from '../runner/runner-process.ts'
import { findCudaLibraries } from './cuda-libraries.ts'
import { isSoftwareVulkan, nvidiaCards } from './graphics-cards.ts'
import { probeGraph, probeInput, relativeDifference } from './probe-graph.ts'

/** TF32 and other fast paths of GPUs stay far below this; a wrong driver does not. */
const tolerance = 5e-3
/** The first run on a GPU compiles shaders. */
const limitMs = 60_000

/**
 * Environment that a process computing on `provider` is started with. For CUDA, products of float32 are computed in float32:
 * TF32, which NVIDIA's libraries take unasked, moved the actions of the reference checkpoints by 2e-3 instead of 3e-6 and made a
 * 3B no faster (docs/gpu.md). Who wants speed has fp16. On the CPU weights lie in large pages: a chunk passes over hundreds of
 * megabytes, and is 1 to 3 % faster without a table entry for every 4 KiB of them.
 */
export function providerEnvironment(
  provider: ProviderName,
  cudaFolders: readonly string[],
): Readonly<Record<string, string>> {
  if (process.platform !== 'linux') return {}
  if (provider === 'cpu') return { GLIBC_TUNABLES: withLargePages(process.env['GLIBC_TUNABLES']) }
  if (provider !== 'cuda') return {}
  const { folders } = findCudaLibraries(cudaFolders)
  const given = process.env['LD_LIBRARY_PATH'] ?? ''
  return {
    LD_LIBRARY_PATH: [...folders, given].filter((path) => path !== '').join(':'),
    NVIDIA_TF32_OVERRIDE: process.env['NVIDIA_TF32_OVERRIDE'] ?? '0',
  }
}

/** What is set already stays; other C libraries do not read it. */
const withLargePages = (given = ''): string =>
  given.includes('glibc.malloc.hugetlb')
    ? given
    : [given, 'glibc.malloc.hugetlb=1'].filter((part) => part !== '').join(':')

/** @param cudaFolders where `foresight gpu install` put libraries */
export async function probeProvider(
  name: ProviderName,
  cudaFolders: readonly string[],
): Promise<ProviderStatus> {
  const absent = absence(name, cudaFolders)
  if (absent !== null) return { name, status: 'missing', ...absent }
  const [expected, found] = await Promise.all([
    compute('cpu', {}),
    name === 'cpu' ? null : compute(name, providerEnvironment(name, cudaFolders)),
  ])
  if (!expected.ok) return { name, status: 'fails', ...reasonOf(expected.error) }
  if (found === null) return { name, status: 'works', why: 'everywhere', detail: 'every machine has it' }
  if (!found.ok) {
    // Without a driver the loader only says that it failed.
    if (name === 'cuda' && (await nvidiaCards()).length === 0)
      return { name, status: 'missing', why: 'no-adapter', detail: noNvidia }
    const reason = reasonOf(found.error)
    return { name, status: reason.why === 'no-adapter' ? 'missing' : 'fails', ...reason }
  }
  const difference = relativeDifference(found.value, expected.value)
  if (!(difference <= tolerance))
    return {
      name,
      status: 'fails',
      why: 'wrong-numbers',
      detail: `its numbers differ from the CPU’s by ${difference.toExponential(1)}`,
    }
  return { name, status: 'works', ...(await deviceOf(name)) }
}

const noNvidia = 'nvidia-smi finds no card, or there is no driver'

type Reason = Pick<ProviderStatus, 'why' | 'detail'>

/** What the runtime said, without the places in its sources. */
function reasonOf({ message, data }: Fault): Reason {
  const [adapter] = /failed to get a webgpu adapter.*|no supported adapters.*/isu.exec(message) ?? []
  if (adapter !== undefined) return { why: 'no-adapter', detail: adapter }
  return { why: data?.['isSilent'] === true ? 'no-answer' : 'refused', detail: message }
}

/** Why it need not be tried at all. */
function absence(name: ProviderName, cudaFolders: readonly string[]): Reason | null {
  const { platform, arch } = process
  const otherSystem = (detail: string): Reason => ({ why: 'other-system', detail })
  if (name === 'dml') return platform === 'win32' ? null : otherSystem('DirectML exists on Windows only')
  if (name === 'coreml') return platform === 'darwin' ? null : otherSystem('Core ML exists on macOS only')
  if (name === 'webgpu' && platform === 'linux' && arch !== 'x64')
    return { why: 'no-build', detail: 'the runtime has no WebGPU build for Linux on this processor' }
  if (name !== 'cuda') return null
  if (platform !== 'linux' || arch !== 'x64')
    return { why: 'no-build', detail: 'the runtime has a CUDA build for Linux x64 only' }
  const { missing } = findCudaLibraries(cudaFolders)
  if (missing.length === 0) return null
  const detail = `not found: ${missing.join(', ')}. \`foresight gpu install\` tells what to fetch from where (docs/gpu.md)`
  return { why: 'no-libraries', detail }
}

async function compute(
  provider: ProviderName,
  env: Readonly<Record<string, string>>,
): Promise<Result<TensorValue | undefined>> {
  await using runner = new RunnerProcess({ env, priority: 'low' })
  const limit = Promise.withResolvers<Result<never>>()
  const timer = setTimeout(
    () =>
      limit.resolve(
        fail('policy/provider-failed', `no answer within ${limitMs / 1000} s`, { isSilent: true }),
      ),
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

async function deviceOf(name: ProviderName): Promise<Reason> {
  if (name === 'webgpu' && isSoftwareVulkan(process.env))
    return { why: 'software', detail: 'software renderer, no graphics card' }
  const cards = name === 'cuda' || name === 'webgpu' ? await nvidiaCards() : []
  const detail = cards.map((card) => card.name).join(', ') || 'the system’s graphics device'
  return { why: 'device', detail }
}
