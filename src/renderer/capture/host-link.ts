/** The worker's own way to the hosts: one contract connection at a time, made from whatever transport the page named. */
import { connect, type Connection } from '#contract/rpc/connect.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { Client } from '#contract/rpc/types.ts'
import { drive } from '#contract/services/drive.ts'
import { record } from '#contract/services/record.ts'
import { sim } from '#contract/services/sim.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'
import type { WorkerTransport } from './worker-messages.ts'

export interface Hosts {
  readonly drive: Client<typeof drive>
  readonly record: Client<typeof record>
  readonly sim: Client<typeof sim>
}

export class HostLink implements Disposable {
  readonly #connection: Connection
  readonly hosts: Hosts

  /** `onLost` is told once, unless the link was disposed. */
  constructor(how: WorkerTransport, onReady: () => void, onLost: () => void) {
    let isDisposed = false
    this.#connection = connect(transportOf(how))
    this.hosts = {
      drive: this.#connection.client(drive),
      record: this.#connection.client(record),
      sim: this.#connection.client(sim),
    }
    this.#dispose = () => {
      isDisposed = true
    }
    this.#connection.onClose(() => {
      if (!isDisposed) onLost()
    })
    this.#connection.ready.then(
      () => {
        if (!isDisposed) onReady()
      },
      () => this.#connection[Symbol.dispose](),
    )
  }

  readonly #dispose: () => void;

  [Symbol.dispose](): void {
    this.#dispose()
    this.#connection[Symbol.dispose]()
  }
}

function transportOf(how: WorkerTransport): Transport {
  if (how.kind === 'port') return messagePortTransport(how.port)
  return webSocketTransport(new WebSocket(how.url))
}
