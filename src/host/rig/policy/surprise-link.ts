/**
 * The newest surprise, as the policy host measured it, for the rows of takes. A connection of its own: a policy host that
 * is slow, gone or restarted costs the recorder gaps in one column and nothing else.
 */
import type { Connection } from '#contract/rpc/connect.ts'
import { foresightForRig } from '#contract/services/pictures.ts'

export interface SurpriseLinkPorts {
  /** A new connection to the policy host; rejects while nobody listens. */
  open(): Promise<Connection>
  /** Calls back once, later. */
  later(callback: () => void, ms: number): Disposable
}

/** What a recorder reads. */
export interface SurpriseGauge {
  /** The newest score that is known and still counts at `nowUs`, machine clock; null where there is none. */
  at(nowUs: number): number | null
}

const reconnectMs = 1000
/** A score stands for this long after its moment: chunks of 50 rows at 30 Hz come at least so often. */
const standsUs = 2_000_000

export class SurpriseLink implements SurpriseGauge, Disposable {
  private readonly ports: SurpriseLinkPorts
  private connection: Connection | null = null
  private retry: Disposable | null = null
  private newest: { readonly dueUs: number; readonly score: number } | null = null
  private isDisposed = false

  constructor(ports: SurpriseLinkPorts) {
    this.ports = ports
    void this.connect()
  }

  at(nowUs: number): number | null {
    const { newest } = this
    if (newest === null || nowUs < newest.dueUs || nowUs - newest.dueUs > standsUs) return null
    return newest.score
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
    this.retry?.[Symbol.dispose]()
    this.connection?.[Symbol.dispose]()
  }

  private async connect(): Promise<void> {
    let connection: Connection
    try {
      connection = await this.ports.open()
      await connection.ready
    } catch {
      // Not there yet, or of another version, which main replaces.
      return this.again()
    }
    if (this.isDisposed) return connection[Symbol.dispose]()
    this.connection = connection
    connection.onClose(() => {
      this.connection = null
      this.newest = null
      this.again()
    })
    connection.client(foresightForRig).surprises(null, ({ dueUs, score }) => {
      this.newest = { dueUs, score }
    })
  }

  private again(): void {
    if (!this.isDisposed) this.retry = this.ports.later(() => void this.connect(), reconnectMs)
  }
}
