/**
 * Keeps one host alive: starts it, listens to its heartbeat, starts it again with back-off when it dies, ends it in order.
 * Its status is always what was last observed; a host that does not answer is `silent`, never silently assumed well.
 */
import { connect } from '#contract/rpc/connect.ts'
import { createMux, type Mux } from '#contract/rpc/mux.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { Client } from '#contract/rpc/types.ts'
import { host, type LogLine } from '#contract/services/host.ts'
import type { HostStatus } from '#contract/services/shell.ts'
import type { Log } from '#host/shared/log.ts'
import { mainPeer } from '#host/shared/run-host.ts'
import { createBackoff } from './backoff.ts'
import type { HostEntry } from './host-entries.ts'
import type { HostLink, SpawnHost } from './host-link.ts'

const beatEveryMs = 500
const silentAfterMs = 2000
const backoffResetAfterMs = 30_000

export interface SupervisedHost {
  readonly status: HostStatus
  /** As of the last heartbeat; false once the process is gone, because nothing here can act on the arm any more. */
  readonly isTorqueOn: boolean
  /** A channel of its own to the host for `peer`, or null while there is no process. Calls made before it is up wait for it. */
  open(peer: string): Transport | null
  start(): void
  /** Ends in order, kills after `timeoutMs`, resolves when the process is gone. It stays stopped until `start`. */
  stop(timeoutMs: number): Promise<void>
}

export interface SupervisionDeps {
  readonly spawn: SpawnHost
  readonly log: Log
  readonly onLogLine: (line: LogLine) => void
  readonly onChange: () => void
  /** Only what is surely stuck is killed; until then it is shown as silent, and a person may restart it. */
  readonly killAfterSilentMs: number
}

interface Running {
  readonly link: HostLink
  readonly mux: Mux
  readonly client: Client<typeof host>
  readonly exited: Promise<void>
}

export function superviseHost(entry: HostEntry, deps: SupervisionDeps): SupervisedHost {
  const backoff = createBackoff()
  const timers = { beat: 0, silence: 0, settle: 0, restart: 0 } as Record<string, NodeJS.Timeout | number>
  let running: Running | null = null
  let isWanted = false
  let isTorqueOn = false
  let status: HostStatus = {
    name: entry.name,
    status: 'stopped',
    pid: null,
    restarts: 0,
    lastExit: null,
    memoryMb: null,
  }

  const change = (next: Partial<HostStatus>, torque = isTorqueOn): void => {
    const changed = { ...status, ...next }
    const keys = Object.keys(next) as (keyof HostStatus)[]
    const isSame = torque === isTorqueOn && keys.every((key) => changed[key] === status[key])
    status = changed
    isTorqueOn = torque
    if (!isSame) deps.onChange()
  }
  const after = (timer: string, delayMs: number, run: () => void): void => {
    clearTimeout(timers[timer])
    timers[timer] = setTimeout(run, delayMs)
  }
  const kill = (link: HostLink, why: string): void => {
    deps.log.error('supervise', `${entry.name} host killed: ${why}`, { pid: link.pid })
    link.kill()
  }

  /** Armed anew with each answer: first it only says so, much later it acts. */
  const watchSilence = (link: HostLink): void =>
    after('silence', silentAfterMs, () => {
      if (status.status === 'running') {
        deps.log.warn('supervise', `${entry.name} host does not answer`)
        change({ status: 'silent' })
      }
      after('silence', deps.killAfterSilentMs - silentAfterMs, () =>
        kill(link, `no answer for ${deps.killAfterSilentMs / 1000} s`),
      )
    })

  const beat = (current: Running): void => {
    current.client.beat().then(
      ({ memoryMb, isTorqueOn: torque }) => {
        if (running !== current) return
        watchSilence(current.link)
        after('beat', beatEveryMs, () => beat(current))
        change({ status: 'running', memoryMb: Math.round(memoryMb) }, torque)
      },
      // The channel is gone: the exit that follows says why.
      () => undefined,
    )
  }

  const onExit = (current: Running, reason: string): void => {
    for (const timer of Object.values(timers)) clearTimeout(timer)
    current.link.transport.close()
    current.mux[Symbol.dispose]()
    running = null
    const gone = { pid: null, memoryMb: null, lastExit: reason }
    if (!isWanted) return change({ ...gone, status: 'stopped' }, false)
    const delayMs = backoff.next()
    deps.log.error('supervise', `${entry.name} host ended: ${reason}`, { restartInMs: delayMs })
    change({ ...gone, status: 'restarting', restarts: status.restarts + 1 }, false)
    after('restart', delayMs, start)
  }

  const start = (): void => {
    if (running !== null) return
    isWanted = true
    clearTimeout(timers['restart'])
    const link = deps.spawn(entry)
    const mux = createMux(link.transport)
    const client = connect(mux.open(mainPeer)).client(host)
    const exited = Promise.withResolvers<void>()
    const current: Running = { link, mux, client, exited: exited.promise }
    running = current
    link.onExit((reason) => {
      onExit(current, reason)
      exited.resolve()
    })
    link.onOutput((line) => deps.log.warn(`${entry.name}.output`, line))
    client.log(undefined, deps.onLogLine)
    after('settle', backoffResetAfterMs, () => backoff.reset())
    watchSilence(link)
    beat(current)
    change({ status: 'starting', pid: link.pid })
  }

  return {
    get status() {
      return status
    },
    get isTorqueOn() {
      return isTorqueOn
    },
    open: (peer) => running?.mux.open(peer) ?? null,
    start,
    stop: async (timeoutMs) => {
      isWanted = false
      clearTimeout(timers['restart'])
      const current = running
      if (current === null) return change({ status: 'stopped' })
      const limit = setTimeout(() => kill(current.link, 'did not end when asked'), timeoutMs)
      current.client.shutdown().catch(() => undefined)
      await current.exited
      clearTimeout(limit)
    },
  }
}
