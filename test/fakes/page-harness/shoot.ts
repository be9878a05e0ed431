/**
 * Builds the page with fake hosts and takes pictures of its states:
 * `node test/fakes/page-harness/shoot.ts OUT_DIR scenario[@screen][:language[:theme[:WxH]]] …`.
 */
import { createServer } from 'node:http'
import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { launchBrowser } from '../../e2e/browser.ts'
import { posedWorld } from './world.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}

const [outDir = '/tmp/shots', ...wanted] = process.argv.slice(2)
const site = await mkdtemp(join(tmpdir(), 'foresight-harness-'))
await build({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  plugins: [react()],
  worker: { format: 'es' },
  build: { outDir: site, emptyOutDir: true, minify: false, chunkSizeWarningLimit: 4000 },
})
await mkdir(outDir, { recursive: true })

const world = JSON.stringify(await posedWorld())
const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (path === '/world.json') {
    response.setHeader('content-type', 'application/json').end(world)
    return
  }
  const file = join(site, path === '/' ? 'index.html' : path)
  readFile(file).then(
    (bytes) =>
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(bytes),
    () => response.writeHead(404).end(),
  )
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

const browser = await launchBrowser({ fakeCameras: 0 })
for (const entry of wanted) {
  const [place = 'idle', language = 'en', theme = 'dark', size = '1280x800'] = entry.split(':')
  const [scenario = 'idle', screen = 'operate'] = place.split('@')
  const [width = 1280, height = 800] = size.split('x').map(Number)
  const page = await browser.newPage({ viewport: { width, height } })
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${entry}: ${message.text()}`)
  })
  page.on('pageerror', (error) => console.error(`${entry}: ${error.message}`))
  await page.goto(
    `http://127.0.0.1:${port}/?scenario=${scenario}&screen=${screen}&language=${language}&theme=${theme}`,
  )
  await page.waitForTimeout(Number(process.env['WAIT_MS'] ?? 2500))
  // Keys to press before the picture, e.g. `KEYS=o,?`.
  for (const key of (process.env['KEYS'] ?? '').split(',').filter((name) => name !== '')) {
    await page.keyboard.press(key)
    await page.waitForTimeout(400)
  }
  await page.screenshot({ path: join(outDir, `${scenario}-${language}-${theme}-${width}.png`) })
  await page.close()
}
await browser.close()
server.close()
