/** Which Node runs the hosts when this process is Electron: never Electron itself, which dies on large models (spec/engineering.md §0.1). */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * `FORESIGHT_NODE` as the launcher set it, else the one in the package's resources, else the one among the packages of a clone.
 * Throws when there is none: the installation is broken.
 */
export function nodeForHosts(
  env: NodeJS.ProcessEnv,
  rootDir: string,
  resourcesPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string {
  const name = platform === 'win32' ? 'node.exe' : 'node'
  const packages = [`node-${platform === 'win32' ? 'win' : platform}-${arch}`, `node-bin-${platform}-${arch}`]
  const candidates = [
    env['FORESIGHT_NODE'],
    resourcesPath === undefined ? undefined : join(resourcesPath, 'node', name),
    ...packages.map((folder) => join(rootDir, 'node_modules', folder, 'bin', name)),
  ]
  const found = candidates.find((path) => path !== undefined && path !== '' && existsSync(path))
  if (found === undefined) throw new Error(`no Node for the hosts: ${candidates.join(', ')}`)
  return found
}
