/**
 * The page's one connection to main: opened, watched, and opened again with a growing pause when lost. Everything that
 * lives on a connection is set up by `onSession` and disposed when it ends, so nothing outlives its session.
 */
import { connect, type Connection } from '#contract/rpc/connect.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { FaultError, type Fault } from '#core/result.ts'
import { servicesOver, type Services } from './services.ts'
import type { Timers } from './timers.ts'

export interface Session {
  readonly services: Services
  readonly connection: Connection
  /** This page's name as the hosts see it; a new one per connection. */
  readonly peer: string
  readonly info: Awaited<ReturnType<Services['shell']['info']>>
}

export type LinkStatus =
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  | { readonly status: 'lost'; readonly fault: Fault; readonly attempts: number }

export interface LinkOptions {
  readonly open: () => Promise<Transport>
  readonly timers: Timers
  readonly onStatus: (status: LinkStatus) => void
  readonly onSession: (session: Session) => Disposable
}

const handshakeMs = 5000
const pausesMs = [200, 400, 800, 1600, 3000] as const

const asFault = (error: unknown): Fault =>
  error instanceof FaultError
    ? error.fault
    : { code: 'contract/closed', message: error instanceof Error ? error.message : String(error) }

export class Link implements Disposable {
  readonly #options: LinkOptions
  #attempts = 0
  #isDisposed = false
  #current: Connection | null = null
  #retry: Disposable | null = null

  constructor(options: LinkOptions) {
    this.#options = options
  }

  start(): void {
    this.#options.onStatus({ status: 'connecting' })
    void this.#attempt()
  }

  async #attempt(): Promise<void> {
    let connection: Connection | null = null
    const { promise: gaveUp, reject } = Promise.withResolvers<never>()
    const limit = this.#options.timers.after(handshakeMs, () => {
      reject(new FaultError({ code: 'contract/closed', message: `no answer within ${handshakeMs} ms` }))
    })
    try {
      connection = connect(await Promise.race([this.#options.open(), gaveUp]))
      const opened = connection
      this.#current = opened
      await Promise.race([opened.ready, gaveUp])
      const services = servicesOver(opened)
      const info = await Promise.race([services.shell.info(undefined), gaveUp])
      if (this.#isDisposed) return opened[Symbol.dispose]()
      this.#attempts = 0
      const session = this.#options.onSession({ services, connection: opened, peer: info.peer, info })
      this.#options.onStatus({ status: 'connected' })
      opened.onClose(() => {
        session[Symbol.dispose]()
        this.#lost({ code: 'contract/closed', message: 'the connection ended' })
      })
    } catch (error) {
      connection?.[Symbol.dispose]()
      this.#lost(asFault(error))
    } finally {
      limit[Symbol.dispose]()
    }
  }

  #lost(fault: Fault): void {
    if (this.#isDisposed) return
    this.#current = null
    this.#attempts += 1
    this.#options.onStatus({ status: 'lost', fault, attempts: this.#attempts })
    const pauseMs = pausesMs[Math.min(this.#attempts, pausesMs.length) - 1] ?? 3000
    this.#retry = this.#options.timers.after(pauseMs, () => void this.#attempt())
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#retry?.[Symbol.dispose]()
    this.#current?.[Symbol.dispose]()
  }
}
