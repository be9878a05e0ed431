/** All hosts of the program: started in order, watched, ended the other way round. */
import type { LogLine } from '#contract/services/host.ts'
import type { HostName, HostStatus } from '#contract/services/shell.ts'
import type { Log } from '#host/shared/log.ts'
import type { HostEntry } from './host-entries.ts'
import type { SpawnHost } from './host-link.ts'
import { superviseHost, type SupervisedHost } from './supervised-host.ts'

/** The rig host may have to slow an arm down and close a take; the others only close files. */
const stopTimeoutMs: Readonly<Record<HostName, number>> = {
  rig: 20_000,
  policy: 5000,
  library: 10_000,
  sim: 5000,
}

/** Building an inference session of billions of parameters blocks the policy host for minutes. */
const killAfterSilentMs: Readonly<Record<HostName, number>> = {
  rig: 60_000,
  policy: 900_000,
  library: 60_000,
  sim: 60_000,
}

export interface Supervisor extends AsyncDisposable {
  readonly statuses: readonly HostStatus[]
  readonly isTorqueOn: boolean
  host(name: HostName): SupervisedHost | null
  /** Ends the host in order and starts it at once. */
  restart(name: HostName): Promise<void>
  /** After every change of a status, the memory reading of a heartbeat included. */
  onChange(listener: () => void): Disposable
}

export interface SupervisorDeps {
  readonly entries: readonly HostEntry[]
  readonly spawn: SpawnHost
  readonly log: Log
  readonly onLogLine: (name: HostName, line: LogLine) => void
}

export function startSupervisor({ entries, spawn, log, onLogLine }: SupervisorDeps): Supervisor {
  const listeners = new Set<() => void>()
  const onChange = (): void => {
    for (const listener of listeners) listener()
  }
  const hosts = new Map<HostName, SupervisedHost>()
  for (const entry of entries)
    hosts.set(
      entry.name,
      superviseHost(entry, {
        spawn,
        log,
        onChange,
        onLogLine: (line) => onLogLine(entry.name, line),
        killAfterSilentMs: killAfterSilentMs[entry.name],
      }),
    )
  for (const host of hosts.values()) host.start()

  const stop = async (name: HostName): Promise<void> => hosts.get(name)?.stop(stopTimeoutMs[name])

  return {
    get statuses() {
      return [...hosts.values()].map((host) => host.status)
    },
    get isTorqueOn() {
      return [...hosts.values()].some((host) => host.isTorqueOn)
    },
    host: (name) => hosts.get(name) ?? null,
    restart: async (name) => {
      log.info('supervise', `${name} host restarted by hand`)
      await stop(name)
      hosts.get(name)?.start()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return { [Symbol.dispose]: () => listeners.delete(listener) }
    },
    [Symbol.asyncDispose]: async () => {
      // The arm first, while what it stands on still runs.
      await stop('rig')
      await Promise.all([...hosts.keys()].map(stop))
    },
  }
}
