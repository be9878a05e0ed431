/** What main tells a host at its start: one JSON argument, validated, so that a host can also be started by hand. */
import { z } from 'zod'
import { join } from 'node:path'

export const hostOptions = z.object({
  /** All user data: datasets, takes, rigs, policies, logs. */
  dataDir: z.string(),
  /** Private folder for local sockets, removed by main. */
  socketDir: z.string(),
  /** The program's read-only files. */
  resourcesDir: z.string(),
})
export type HostOptions = z.infer<typeof hostOptions>

export function readHostOptions(argument: string | undefined): HostOptions {
  return hostOptions.parse(JSON.parse(argument ?? '{}'))
}

export type SocketName = 'control' | 'sim' | 'sim-follower' | 'sim-leader' | 'policy'

/** Path of a local socket: a file on Linux and macOS, a named pipe derived from the private folder's name on Windows. */
export function socketPath(
  socketDir: string,
  name: SocketName,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform !== 'win32') return join(socketDir, `${name}.sock`)
  return `\\\\.\\pipe\\${socketDir.replaceAll(/[^A-Za-z0-9]/gu, '-')}-${name}`
}
