/** Fetches what CUDA needs, when a person asks for it and never before; every file is compared with its known hash. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
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

/** What is there already is not fetched again. Fails with `shell/io`; what was complete stays. */
export async function installLibraries(options: InstallOptions): Promise<Result<readonly string[]>> {
  const { packages, folder, onProgress } = options
  const installed: string[] = []
  for (const wanted of packages) {
    if (existsSync(join(folder, wanted.landmark))) continue
    onProgress(`${wanted.name} ${wanted.version}`)
    const draft = join(folder, `.${wanted.name}.part`)
    const archive = join(draft, 'wheel')
    try {
      await mkdir(draft, { recursive: true })
      const fetched = await download(wanted, archive, options)
      if (!fetched.ok) return fetched
      const unpacked = await unpackLibraries(archive, draft, wanted.only ?? undefined)
      if (!unpacked.ok) return unpacked
      // The landmark comes last: who sees it can rely on the others.
      const isLast = (name: string): number => (name === wanted.landmark ? 1 : 0)
      const names = unpacked.value.toSorted((a, b) => isLast(a) - isLast(b))
      for (const name of names) await rename(join(draft, name), join(folder, name))
      installed.push(...names)
    } catch (error) {
      return fail('shell/io', `${folder} cannot be written: ${String(error)}`, { path: folder })
    } finally {
      await rm(draft, { recursive: true, force: true }).catch(() => undefined)
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
