/**
 * A policy server that may come and go: the connection is made again with growing patience, and until it is there every question
 * fails at once, so that the arm holds. A server that comes back with another greeting is another policy: it must be loaded anew.
 */
import { isDeepStrictEqual } from 'node:util'
import type { WireMap } from '#core/policy/openpi/wire-value.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import { openLink, type LinkOptions, type ServerLink } from './server-link.ts'

const firstRetryMs = 500
const longestRetryMs = 10_000

export type OpenLink = (options: LinkOptions) => Promise<Result<ServerLink>>

export class ServerConnection implements Disposable {
  /** What the server said of itself when it was first reached. */
  readonly metadata: WireMap
  /** Settles when the server came back as another one. */
  readonly changed: Promise<Fault>
  private readonly options: LinkOptions
  private readonly open: OpenLink
  private link: ServerLink | null = null
  private trouble: Fault | null = null
  private retry: Disposable | null = null
  private retryMs = firstRetryMs
  private isDisposed = false
  private settleChanged: (fault: Fault) => void = () => undefined

  private constructor(options: LinkOptions, link: ServerLink, open: OpenLink) {
    this.options = options
    this.open = open
    this.metadata = link.metadata
    this.changed = new Promise((settle) => {
      this.settleChanged = settle
    })
    this.take(link)
  }

  /** Fails as `openLink` does; what is unreachable from the start is not waited for. */
  static async connect(options: LinkOptions, open: OpenLink = openLink): Promise<Result<ServerConnection>> {
    const link = await open(options)
    return link.ok ? ok(new ServerConnection(options, link.value, open)) : link
  }

  /** As `ServerLink.ask`; without a connection it fails at once with what ended the last one. */
  async ask(question: Uint8Array, timeoutMs: number): Promise<Result<WireMap>> {
    if (this.link !== null) return this.link.ask(question, timeoutMs)
    const { address } = this.options
    const why = this.trouble === null ? '' : `: ${this.trouble.message}`
    return fail('policy/remote-unreachable', `${address} is not connected${why}`, { address })
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
    this.retry?.[Symbol.dispose]()
    this.link?.[Symbol.dispose]()
    this.link = null
  }

  private take(link: ServerLink): void {
    this.link = link
    this.trouble = null
    this.retryMs = firstRetryMs
    void link.closed.then((fault) => {
      if (this.link === link) this.lost(fault)
    })
  }

  private lost(fault: Fault): void {
    this.link = null
    this.trouble = fault
    if (this.isDisposed) return
    this.retry = this.options.later(() => void this.reconnect(), this.retryMs)
    this.retryMs = Math.min(longestRetryMs, 2 * this.retryMs)
  }

  private async reconnect(): Promise<void> {
    const link = await this.open(this.options)
    if (!link.ok) return this.lost(link.error)
    if (this.isDisposed) return link.value[Symbol.dispose]()
    if (isDeepStrictEqual(link.value.metadata, this.metadata)) return this.take(link.value)
    link.value[Symbol.dispose]()
    const { address } = this.options
    this.trouble = {
      code: 'policy/remote-protocol',
      message: `${address} came back as another server: load the policy again`,
      data: { address, reason: 'its greeting changed' },
    }
    this.settleChanged(this.trouble)
  }
}
