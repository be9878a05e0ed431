// The one Node of the program (DESIGN §1). Plain JavaScript that any Node since 20 runs, because it is what finds the other.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const pinnedMajor = 24

/** Path of the pinned Node below `root`, or null: its packages are optional, by platform. */
export function pinnedNode(root, platform = process.platform, arch = process.arch) {
  const name = platform === 'win32' ? 'node.exe' : 'node'
  const candidates = [
    `node-${platform === 'win32' ? 'win' : platform}-${arch}`,
    `node-bin-${platform}-${arch}`,
  ]
  const paths = candidates.map((folder) => join(root, 'node_modules', folder, 'bin', name))
  return paths.find((path) => existsSync(path)) ?? null
}

export const isPinned = (version = process.versions.node) => Number(version.split('.')[0]) === pinnedMajor
