/**
 * How everything is bundled. `main` builds the whole Node side (both shells, the command line, the four hosts and their worker
 * threads), with packages left outside; `preload` must be one CommonJS file, because a sandboxed page loads no other; `renderer` is the page.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Plugin } from 'vite'

const rootDir = import.meta.dirname
const sourceDir = join(rootDir, 'src')

/** Entry files by their place in `out/`. A room that is not there yet is left out. */
const nodeEntries = Object.fromEntries(
  [
    'main/electron',
    'main/headless',
    'cli/main',
    'host/rig/main',
    'host/policy/main',
    'host/library/main',
    'host/sim/main',
  ]
    .map((name) => [name, join(sourceDir, `${name}.ts`)] as const)
    .filter(([, path]) => existsSync(path)),
)

const workerUrl = /new URL\(\s*'(?<file>\.[^']+)\.ts',\s*import\.meta\.url\s*\)/gu
const workerMark = /\bworker-at:(?<file>[^'"`]+)/gu

/** Worker threads and forked processes of Node code become files of their own, found from whatever chunk starts them. */
function nodeWorkers(): Plugin {
  return {
    name: 'foresight:node-workers',
    // Before TypeScript is taken away, so that the source is as it was written.
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(sourceDir) || !/new Worker|\bfork\(/u.test(code)) return null
      return code.replaceAll(workerUrl, (_match, file: string) => {
        const path = resolve(dirname(id), `${file}.ts`)
        const fileName = relative(sourceDir, path).replaceAll('\\', '/').replace(/ts$/u, 'js')
        this.emitFile({ type: 'chunk', id: path, fileName })
        return `new URL('worker-at:${fileName}', import.meta.url)`
      })
    },
    renderChunk(code, chunk) {
      if (!code.includes('worker-at:')) return null
      return code.replaceAll(workerMark, (_match, file: string) => {
        const path = relative(dirname(chunk.fileName), file).replaceAll('\\', '/')
        return path.startsWith('.') ? path : `./${path}`
      })
    },
  }
}

export default defineConfig({
  main: {
    plugins: [nodeWorkers()],
    build: {
      outDir: join(rootDir, 'out'),
      emptyOutDir: false,
      rolldownOptions: {
        input: nodeEntries,
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: join(sourceDir, 'preload', 'preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: join(sourceDir, 'renderer'),
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      outDir: join(rootDir, 'out', 'renderer'),
      target: 'es2024',
      // The content policy allows files of the page only, not data: URLs.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
    },
  },
})
