/** A private folder for local sockets, readable by this user only, removed at the end. */
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A socket's path must fit in 104 bytes (macOS), name included. */
const maxBaseLength = 60

const isUsable = (directory: string): boolean => {
  try {
    accessSync(directory, constants.W_OK)
    return directory.length <= maxBaseLength
  } catch {
    return false
  }
}

export interface SocketDir extends Disposable {
  readonly path: string
}

export function createSocketDir(env: NodeJS.ProcessEnv): SocketDir {
  const bases = [env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((base) => base !== undefined)
  const path = mkdtempSync(join(bases.find(isUsable) ?? tmpdir(), 'foresight-'))
  chmodSync(path, 0o700)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
