/** Electron's binary, when `npx install-electron` has fetched it. Never downloads: the `electron` package itself is not imported. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Path of the binary, or null when it is not installed. */
export function findElectron(rootDir: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const packageDir = join(rootDir, 'node_modules', 'electron')
  const named = join(packageDir, 'path.txt')
  if (!existsSync(named)) return null
  const distribution = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageDir, 'dist')
  const binary = join(distribution, readFileSync(named, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

/** Runs the window until it is closed; gives its exit code. `FORESIGHT_NODE` tells it with which Node to start the hosts. */
export async function startElectron(binary: string, rootDir: string, signal: AbortSignal): Promise<number> {
  const child = spawn(binary, [rootDir], {
    stdio: 'inherit',
    env: { ...process.env, FORESIGHT_NODE: process.execPath },
  })
  signal.addEventListener('abort', () => void child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
