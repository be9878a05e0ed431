/** `foresight gpu install`: tells what CUDA lacks here and where it comes from, and fetches it when told to. */
import { findCudaLibraries, bindingFolder, cudaFolder } from '#host/policy/providers/cuda-libraries.ts'
import { nvidiaCards } from '#host/policy/providers/graphics-cards.ts'
import { cudaPackages } from '#host/policy/providers/install/cuda-packages.ts'
import {
  installLibraries,
  installProvider,
  runtimeInstaller,
} from '#host/policy/providers/install/install-cuda.ts'
import { probeProvider } from '#host/policy/providers/probe-provider.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { readOptions } from '../read-options.ts'

export const gpuInstallCommand: CliCommand = {
  name: 'gpu install',
  summary: 'tell what CUDA needs on this machine; --yes fetches it',
  usage: [
    'foresight gpu install [--yes] [--json]',
    '',
    '--yes  fetch what is missing now: NVIDIA’s libraries (large) from PyPI, under NVIDIA’s licence, and',
    '       ONNX Runtime’s CUDA provider from NuGet through the runtime’s own installer',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, { yes: 'flag' })
    if (typeof read === 'string') return io.misuse(read)
    if (read.positionals.length > 0) return io.misuse(`unexpected ${read.positionals.join(' ')}`)
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      const message = 'onnxruntime-node has a CUDA build for Linux x64 only; use WebGPU or DirectML here'
      return io.fail({ code: 'policy/provider-unavailable', message, data: { provider: 'cuda' } })
    }
    const folder = cudaFolder(io.dataDir)
    const { missing } = findCudaLibraries([folder])
    if (missing.length > 0 && read.flags.has('yes')) return fetchMissing(missing, folder, io)
    const cards = (await nvidiaCards()).map(({ name }) => name)
    io.answer({ missing, cards, folder, packages: cudaPackages, installer: runtimeInstaller() }, () =>
      planText(missing, cards, folder),
    )
    return missing.length === 0 ? 0 : 1
  },
}

const isProvider = (name: string): boolean => name.startsWith('libonnxruntime')

async function fetchMissing(missing: readonly string[], folder: string, io: CliIo): Promise<number> {
  if (missing.some((name) => !isProvider(name))) {
    const libraries = await installLibraries({
      packages: cudaPackages,
      folder,
      fetch: (url, signal) => fetch(url, { signal }),
      onProgress: (text) => io.note(text),
      signal: io.signal,
    })
    if (!libraries.ok) return io.fail(libraries.error)
  }
  if (missing.some(isProvider)) {
    const provider = await installProvider((text) => io.note(text))
    if (!provider.ok) return io.fail(provider.error)
  }
  const status = await probeProvider('cuda', [folder])
  io.answer({ folder, status }, () => `cuda: ${status.status}, ${status.detail}`)
  return status.status === 'works' ? 0 : 1
}

function planText(missing: readonly string[], cards: readonly string[], folder: string): string {
  const card =
    cards.length > 0 ? cards.join(', ') : 'nvidia-smi finds no card: a driver comes first (525 or newer)'
  if (missing.length === 0) return `${card}\nnothing is missing for CUDA`
  const libraries = missing.filter((name) => !isProvider(name))
  const provider = missing.filter(isProvider)
  return [
    card,
    ...(libraries.length > 0
      ? [
          `not found: ${libraries.join(', ')}`,
          `would be unpacked to ${folder} from NVIDIA’s packages on PyPI, compared with the SHA-256 known here:`,
          ...cudaPackages.map(
            ({ name, version, url, sha256 }) => `  ${name} ${version}\n    ${url}\n    ${sha256}`,
          ),
        ]
      : []),
    ...(provider.length > 0
      ? [
          `not found beside ONNX Runtime (${bindingFolder()}): ${provider.join(', ')}`,
          `would be fetched by its own installer from NuGet (Microsoft.ML.OnnxRuntime.Gpu.Linux); no hash of it is known here:`,
          `  ONNXRUNTIME_NODE_INSTALL=cuda12 node ${runtimeInstaller()}`,
        ]
      : []),
    'nothing was fetched; --yes does it',
  ].join('\n')
}
