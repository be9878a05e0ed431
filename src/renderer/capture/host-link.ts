/** The worker's own way to the hosts: one contract connection at a time, made from whatever transport the page named. */
import { connect, type Connection } from '#contract/rpc/connect.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { Client } from '#contract/rpc/types.ts'
import { drive } from '#contract/services/drive.ts'
import { pictures } from '#contract/services/pictures.ts'
import { record } from '#contract/services/record.ts'
import { sim } from '#contract/services/sim.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'
import type { WorkerTransport } from './worker-messages.ts'

export interface Hosts {
  readonly drive: Client<typeof drive>
  readonly pictures: Client<typeof pictures>
  readonly record: Client<typeof record>
  readonly sim: Client<typeof sim>
}

export class HostLink implements Disposable {
  readonly hosts: Hosts
  readonly #connection: Connection
  #isDisposed = false

  /** `onLost` is told once, unless the link was disposed. */
  constructor(how: WorkerTransport, onReady: () => void, onLost: () => void) {
    this.#connection = connect(transportOf(how))
    this.hosts = {
      drive: this.#connection.client(drive),
      pictures: this.#connection.client(pictures),
      record: this.#connection.client(record),
      sim: this.#connection.client(sim),
    }
    this.#connection.onClose(() => {
      if (!this.#isDisposed) onLost()
    })
    this.#connection.ready.then(
      () => {
        if (!this.#isDisposed) onReady()
      },
      // Another version, or gone: closing tells `onLost`.
      () => this.#connection[Symbol.dispose](),
    )
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#connection[Symbol.dispose]()
  }
}

function transportOf(how: WorkerTransport): Transport {
  if (how.kind === 'port') return messagePortTransport(how.port)
  return webSocketTransport(new WebSocket(how.url))
}
