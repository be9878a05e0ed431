/** `foresight gpu install`: tells what CUDA lacks here and where it comes from, and fetches it when told to. */
import { findCudaLibraries, bindingFolder, cudaFolder } from '#host/policy/providers/cuda-libraries.ts'
import { nvidiaCards, type GraphicsCard } from '#host/policy/providers/graphics-cards.ts'
import {
  cudaPackages,
  oldestDriver,
  providerPackage,
  type LibraryPackage,
} from '#host/policy/providers/install/cuda-packages.ts'
import { installLibraries } from '#host/policy/providers/install/install-cuda.ts'
import { probeProvider } from '#host/policy/providers/probe-provider.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { readOptions } from '../read-options.ts'

export const gpuInstallCommand: CliCommand = {
  name: 'gpu install',
  summary: 'tell what CUDA needs on this machine; --yes fetches it',
  usage: [
    'foresight gpu install [--yes] [--json]',
    '',
    '--yes  fetch what is missing now from PyPI, each file compared with a hash that is known here: NVIDIA’s',
    '       libraries (1.2 GB, under NVIDIA’s licence) and ONNX Runtime’s CUDA provider',
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
    const cards = await nvidiaCards()
    const wanted = packagesFor(missing)
    io.answer({ missing, cards, folder, packages: wanted }, () => planText(missing, cards, folder))
    return missing.length === 0 ? 0 : 1
  },
}

const isProvider = (name: string): boolean => name.startsWith('libonnxruntime')

function packagesFor(missing: readonly string[]): readonly LibraryPackage[] {
  return [
    ...(missing.some((name) => !isProvider(name)) ? cudaPackages : []),
    ...(missing.some(isProvider) ? [providerPackage] : []),
  ]
}

async function fetchMissing(missing: readonly string[], folder: string, io: CliIo): Promise<number> {
  for (const wanted of packagesFor(missing)) {
    const fetched = await installLibraries({
      packages: [wanted],
      folder: wanted === providerPackage ? bindingFolder() : folder,
      fetch: (url, signal) => fetch(url, { signal }),
      onProgress: (text) => io.note(text),
      signal: io.signal,
    })
    if (!fetched.ok) return io.fail(fetched.error)
  }
  const status = await probeProvider('cuda', [folder])
  io.answer({ folder, status }, () => `cuda: ${status.status}, ${status.detail}`)
  return status.status === 'works' ? 0 : 1
}

/** What a person has to know of the driver before anything is fetched. */
function cardText(cards: readonly GraphicsCard[]): string {
  const [first] = cards
  if (first === undefined) return `nvidia-smi finds no card: a driver comes first (${oldestDriver} or newer)`
  const names = `${cards.map(({ name }) => name).join(', ')}, driver ${first.driver}`
  return Number.parseInt(first.driver, 10) < oldestDriver
    ? `${names}: older than ${oldestDriver}, which CUDA 13 needs; update the driver first`
    : names
}

function planText(missing: readonly string[], cards: readonly GraphicsCard[], folder: string): string {
  if (missing.length === 0) return `${cardText(cards)}\nnothing is missing for CUDA`
  return [
    cardText(cards),
    `not found: ${missing.join(', ')}`,
    'would be fetched from PyPI and compared with the SHA-256 known here:',
    ...packagesFor(missing).map(
      (wanted) =>
        `  ${wanted.name} ${wanted.version}, to ${wanted === providerPackage ? bindingFolder() : folder}\n    ${wanted.url}\n    ${wanted.sha256}`,
    ),
    'nothing was fetched; --yes does it',
  ].join('\n')
}
