/**
 * The frame of every host process: one channel per peer over main's IPC, the `host` service for main itself, an orderly end,
 * and a last-resort handler. What a host does when main is lost is its own decision (the rig host holds the arm first).
 */
import { createMux } from '#contract/rpc/mux.ts'
import { implement, serve, type BoundService } from '#contract/rpc/serve.ts'
import { host } from '#contract/services/host.ts'
import { processTransport } from '#contract/transport/process.ts'
import type { Log } from './log.ts'

/** A host that cannot finish its end must not hold ports and files for ever. Saving a long take may take its time. */
const endLimitMs = 120_000

/** Channel name under which main itself talks to a host. */
export const mainPeer = 'main'

export interface HostFrame {
  readonly log: Log
  readonly services: readonly BoundService[]
  /** Told to main with every beat: sleep is inhibited while any host has torque on. */
  readonly isTorqueOn?: () => boolean
  /** A page or process went away. */
  readonly onPeerGone?: (peer: string) => void
  /** Orderly end asked by main. The process exits when this resolves. */
  readonly shutdown: () => Promise<void>
  /** Main died. The process exits when this resolves. */
  readonly mainLost: () => Promise<void>
}

/** Runs until main asks for the end or is lost. Must be called in a process started with an IPC channel. */
export function runHost(frame: HostFrame): void {
  let isEnding = false
  const end = (work: () => Promise<void>, code: number): void => {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(code), endLimitMs).unref()
    work()
      .catch((error: unknown) => frame.log.error('host', 'the end went wrong', { error: String(error) }))
      .finally(() => process.exit(code))
  }

  const own = implement(host, {
    beat: async () => ({
      memoryMb: process.memoryUsage.rss() / 1048576,
      isTorqueOn: frame.isTorqueOn?.() ?? false,
    }),
    shutdown: async () => {
      setImmediate(() => end(frame.shutdown, 0))
    },
    log: (_params, emitter) => frame.log.follow((line) => void emitter.emit(line)),
  })

  const transport = processTransport(process)
  createMux(transport, (peer, channel) => {
    serve(peer === mainPeer ? [...frame.services, own] : frame.services, channel, peer)
    channel.onClose(() => frame.onPeerGone?.(peer))
  })
  transport.onClose(() => end(frame.mainLost, 0))

  process.on('uncaughtException', (error) => {
    frame.log.error('host', 'unexpected error', { error: error.stack ?? String(error) })
    end(frame.mainLost, 1)
  })
  process.on('unhandledRejection', (reason) => {
    frame.log.error('host', 'unexpected rejection', {
      reason: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
    })
    end(frame.mainLost, 1)
  })
  // Ctrl-C in a terminal reaches the whole process group; only main decides when hosts end.
  process.on('SIGINT', () => undefined)
}
