// Builds `out/`. `npm run build` always does; `foresight start` only when something that goes into it has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'

const self = fileURLToPath(import.meta.url)
const root = dirname(dirname(self))
const out = join(root, 'out')
const stampFile = join(out, '.stamp')
const lockFile = join(root, 'node_modules', '.cache', 'foresight-build.lock')
const inputs = [
  'src',
  'electron.vite.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
  'scripts/build.mjs',
]

function* filesBelow(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (stats.isFile()) yield { path, stats }
  else for (const name of readdirSync(path).toSorted()) yield* filesBelow(join(path, name))
}

/** Changes when any input is added, removed or touched. */
function currentStamp() {
  const hash = createHash('sha256').update(process.version)
  for (const input of inputs)
    for (const { path, stats } of filesBelow(join(root, input)))
      hash.update(`${relative(root, path)} ${stats.size} ${stats.mtimeMs}\n`)
  return hash.digest('hex')
}

const writtenStamp = () => (existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null)

/** A package has no sources and is never stale. */
export const isStale = () => existsSync(join(root, 'src')) && writtenStamp() !== currentStamp()

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Two starts at once must not write the same files: the second one waits for the first. */
async function takeLock() {
  mkdirSync(dirname(lockFile), { recursive: true })
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      return { [Symbol.dispose]: () => rmSync(lockFile, { force: true }) }
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = Number(existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : 0)
    if (owner > 0 && !isAlive(owner)) rmSync(lockFile, { force: true })
    else await pause(100)
  }
}

async function buildAll() {
  const stamp = currentStamp()
  process.env.NODE_ENV_ELECTRON_VITE = 'production'
  const { resolveConfig } = await import('electron-vite')
  const { build } = await import('vite')
  const { config } = await resolveConfig({ root, logLevel: 'warn' }, 'build', 'production')
  rmSync(stampFile, { force: true })
  for (const part of ['chunks', 'cli', 'host', 'main', 'preload'])
    rmSync(join(out, part), { recursive: true, force: true })
  await Promise.all([config.renderer, config.main, config.preload].map((part) => build(part)))
  mkdirSync(out, { recursive: true })
  writeFileSync(stampFile, stamp)
}

/** In a process of its own: bundlers want the project as working directory, and keep much memory. Gives the exit code. */
export function buildInChild() {
  const child = spawnSync(process.execPath, [self, '--if-stale'], { cwd: root, stdio: ['ignore', 2, 2] })
  return child.status ?? 1
}

if (process.argv[1] === self) {
  const lock = await takeLock()
  try {
    const start = performance.now()
    if (!process.argv.includes('--if-stale') || isStale()) {
      await buildAll()
      console.log(`built out/ in ${((performance.now() - start) / 1000).toFixed(1)} s`)
    }
  } finally {
    lock[Symbol.dispose]()
  }
}
