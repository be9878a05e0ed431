/** Builds a harness page with the product's own bundler and serves it on this machine. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build } from 'vite'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface ServedHarness extends AsyncDisposable {
  readonly url: string
}

/** `files`: extra folders by path prefix, e.g. `/fixtures/` → a folder of videos. */
export async function serveHarness(files: Readonly<Record<string, string>> = {}): Promise<ServedHarness> {
  const outDir = await mkdtemp(join(tmpdir(), 'foresight-harness-'))
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'esnext', minify: false },
  })
  const pathOf = (url: string): string => {
    const prefix = Object.keys(files).find((candidate) => url.startsWith(candidate))
    const [folder, rest] =
      prefix === undefined ? [outDir, url] : [files[prefix] ?? '', url.slice(prefix.length)]
    return join(folder, normalize(`/${rest === '/' ? 'index.html' : rest}`))
  }
  const server = createServer((request, response) => {
    const path = pathOf(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/'))
    void stat(path).then(
      () => {
        response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
        createReadStream(path).pipe(response)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
