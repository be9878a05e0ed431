/**
 * Fetches what CUDA needs, when a person asks for it and never before: NVIDIA's libraries into the data folder, each compared
 * with its known hash, and ONNX Runtime's provider through its own installer into its own package.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'
import type { LibraryPackage } from './cuda-packages.ts'
import { unpackLibraries } from './unpack-libraries.ts'

export type Fetch = (url: string, signal: AbortSignal) => Promise<Response>

export interface InstallOptions {
  readonly packages: readonly LibraryPackage[]
  /** Folder that the libraries go to. */
  readonly folder: string
  readonly fetch: Fetch
  readonly onProgress: (text: string) => void
  readonly signal: AbortSignal
}

/** Fails with `shell/io`; what was complete stays. */
export async function installLibraries(options: InstallOptions): Promise<Result<readonly string[]>> {
  const { packages, folder, onProgress } = options
  await mkdir(folder, { recursive: true })
  const installed: string[] = []
  for (const wanted of packages) {
    onProgress(`${wanted.name} ${wanted.version}`)
    const archive = join(folder, `${wanted.name}.whl`)
    try {
      const fetched = await download(wanted, archive, options)
      if (!fetched.ok) return fetched
      const unpacked = await unpackLibraries(archive, folder)
      if (!unpacked.ok) return unpacked
      installed.push(...unpacked.value)
    } finally {
      await rm(archive, { force: true })
    }
  }
  return ok(installed)
}

async function download(
  { url, sha256, name }: LibraryPackage,
  path: string,
  { fetch, signal }: InstallOptions,
): Promise<Result<void>> {
  const hash = createHash('sha256')
  try {
    const response = await fetch(url, signal)
    if (!response.ok || response.body === null)
      return fail('shell/io', `${url} answers ${response.status}`, { url, status: response.status })
    const reader = response.body.getReader()
    await using file = await open(path, 'w')
    for (;;) {
      const { value, done } = await reader.read()
      if (done) break
      hash.update(value)
      await file.writeFile(value)
    }
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error.message) : error
    return fail('shell/io', `${url} cannot be fetched: ${String(reason)}`, { url })
  }
  const found = hash.digest('hex')
  return found === sha256
    ? ok(undefined)
    : fail('shell/io', `${name} is another file than expected: SHA-256 ${found}, not ${sha256}`, {
        url,
        found,
      })
}

/** The installer that comes with the package; it says itself what it fetches. Its file has no hash that we know. */
export const runtimeInstaller = (): string =>
  join(
    dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')),
    'script',
    'install.js',
  )

/** Fails with `shell/io` and the installer's own words. */
export async function installProvider(onProgress: (text: string) => void): Promise<Result<void>> {
  const child = spawn(process.execPath, [runtimeInstaller()], {
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'cuda12' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000)
      onProgress(text.trim())
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0
    ? ok(undefined)
    : fail(
        'shell/io',
        `ONNX Runtime’s installer ended with ${code ?? 'a signal'}: ${words.trim().split('\n').at(-1) ?? ''}`,
      )
}
