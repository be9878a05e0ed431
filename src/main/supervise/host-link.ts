/** One running host process as its supervisor sees it: a transport, its output lines, its end. A plain Node child in both shells. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { processTransport } from '#contract/transport/process.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { HostOptions } from '#host/shared/host-options.ts'
import type { HostEntry } from './host-entries.ts'

export interface HostLink {
  /** Null when the process could not be started; `onExit` tells why. */
  readonly pid: number | null
  readonly transport: Transport
  /** Called once. `reason` reads `code 1`, `signal SIGKILL` or why it could not start. */
  onExit(listener: (reason: string) => void): void
  /** Each line that the host or a library in it prints past the log. */
  onOutput(listener: (line: string) => void): void
  /** Ends the process without asking it. */
  kill(): void
}

export type SpawnHost = (entry: HostEntry) => HostLink

const inherited = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _asNode, ...rest } = env
  return rest
}

/** Starts hosts with the Node binary at `nodePath`, never with Electron's (spec/engineering.md §0.1). */
export function nodeSpawner(nodePath: string, options: HostOptions, env: NodeJS.ProcessEnv): SpawnHost {
  return (entry) => {
    const child = spawn(nodePath, [entry.modulePath, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: inherited(env),
      // A session of its own: Ctrl-C or a closed terminal must not end a host that holds an arm.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    return {
      pid: child.pid ?? null,
      transport: processTransport(child),
      onExit: (listener) => {
        let isTold = false
        const tell = (reason: string): void => {
          if (isTold) return
          isTold = true
          listener(reason)
        }
        child.once('exit', (code, signal) =>
          tell(signal === null ? `code ${code ?? '?'}` : `signal ${signal}`),
        )
        child.once('error', (error) => {
          if (child.pid === undefined) tell(`could not start: ${error.message}`)
        })
      },
      onOutput: (listener) => {
        for (const stream of [child.stdout, child.stderr] as (Readable | null)[])
          if (stream !== null) createInterface({ input: stream }).on('line', listener)
      },
      kill: () => void child.kill('SIGKILL'),
    }
  }
}
