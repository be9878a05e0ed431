/**
 * The files that ONNX Runtime needs for CUDA, which no npm package brings: its own provider libraries beside the binding, and
 * NVIDIA's runtime on the loader's path. Told apart one by one, so that a person knows what to fetch.
 */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { neededLibraries } from './needed-libraries.ts'

export interface CudaLibraries {
  /** Names of what is not there; empty when everything was found. */
  readonly missing: readonly string[]
  /** Folders for `LD_LIBRARY_PATH` of the process that computes. */
  readonly folders: readonly string[]
}

/** What the provider that `foresight gpu install` fetches links to, said while no provider is there to be asked. */
const usualLibraries = ['libcudart.so.13', 'libcublas.so.13', 'libcublasLt.so.13', 'libcurand.so.10'] as const
/** Loaded by name when the provider starts, so no provider links to it. */
const loadedLater = ['libcudnn.so.9'] as const
/** Comes with the graphics driver and nowhere else; `nvidia-smi` tells whether a driver is there. */
const driverLibrary = /^libcuda\.so/u
const ofNvidia = /^lib(?:cu|nv)/u

const providerLibraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'] as const

/** Where `foresight gpu install` puts NVIDIA's libraries. */
export const cudaFolder = (dataDir: string): string => join(dataDir, 'gpu', 'cuda13')

/** Folder of the runtime's own libraries in this installation. */
export function bindingFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  return join(dirname(packageFile), 'bin', 'napi-v6', process.platform, process.arch)
}

/** Providers are built for one major version of CUDA each, so the one that is there is asked which. */
function runtimeLibraries(binding: string): readonly string[] {
  const needed = neededLibraries(join(binding, 'libonnxruntime_providers_cuda.so')) ?? usualLibraries
  const named = needed.filter((name) => ofNvidia.test(name) && !driverLibrary.test(name))
  return [...new Set([...named, ...loadedLater])]
}

/**
 * @param extra folders to look in first, such as the one that `foresight gpu install` fills
 */
export function findCudaLibraries(
  extra: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  binding: string = bindingFolder(),
): CudaLibraries {
  const given = (env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const places = [...extra, ...given, ...systemFolders()]
  const folders = new Set<string>(extra.filter((folder) => existsSync(folder)))
  const missing: string[] = providerLibraries.filter((name) => !existsSync(join(binding, name)))
  for (const name of runtimeLibraries(binding)) {
    const folder = places.find((place) => existsSync(join(place, name)))
    if (folder === undefined) missing.push(name)
    else folders.add(folder)
  }
  return { missing, folders: [...folders] }
}

/** Where NVIDIA's own packages and those of distributions put them. */
function systemFolders(): string[] {
  const local = '/usr/local'
  const versions = existsSync(local) ? readdirSync(local).filter((name) => name.startsWith('cuda')) : []
  const toolkits = versions.flatMap((name) => [
    join(local, name, 'lib64'),
    join(local, name, 'targets', 'x86_64-linux', 'lib'),
  ])
  return [...toolkits, '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/lib/x86_64-linux-gnu']
}
