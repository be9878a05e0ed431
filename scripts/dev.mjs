// `npm run dev`: the headless server with the page from Vite (changes appear at once) and hosts from the sources.
// A changed host is not restarted by itself, because it may be holding an arm: restart it in the page (Rig).
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.env.FORESIGHT_FROM = 'src'

const vite = await createServer({
  root: join(root, 'src', 'renderer'),
  configFile: false,
  plugins: [react()],
  worker: { format: 'es' },
  server: { middlewareMode: true, hmr: { host: '127.0.0.1' }, fs: { allow: [root] } },
})
const { startHeadless } = await import('../src/main/headless.ts')
const running = await startHeadless({ servePage: vite.middlewares })
console.log(`Foresight, for development, is at ${running.url}`)

const end = async () => {
  await running.close()
  await vite.close()
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end())
