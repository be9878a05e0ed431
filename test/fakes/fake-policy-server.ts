/** An openpi server that does as it is told: it greets, answers, errs, dies or says nothing. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import type { WireMap, WireValue } from '#core/policy/openpi/wire-value.ts'
import { unwrap } from '#core/result.ts'

export interface FakePolicyServerOptions {
  /** Sent first; null stays silent. Functions do anything else. */
  readonly greet?: WireMap | null | ((socket: WebSocket) => void)
  /** What is done with a question; a map is the answer. */
  readonly answer?: (question: WireValue, socket: WebSocket) => WireMap | null
  /** HTTP status instead of a WebSocket. */
  readonly refuse?: number
  readonly port?: number
}

export const wire = (value: WireValue): Uint8Array => encodeWire(value, openpiArrays)

export class FakePolicyServer implements AsyncDisposable {
  readonly questions: WireValue[] = []
  readonly requests: IncomingMessage[] = []
  readonly sockets: WebSocket[] = []
  private readonly server = createServer()
  private readonly socketServer = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  private options: FakePolicyServerOptions

  private constructor(options: FakePolicyServerOptions) {
    this.options = options
    this.server.on('request', (_request, response) => response.writeHead(200).end('OK\n'))
    this.server.on('upgrade', (request, socket, head) => {
      this.requests.push(request)
      const { refuse } = this.options
      if (refuse !== undefined) return socket.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 0\r\n\r\n`)
      this.socketServer.handleUpgrade(request, socket, head, (accepted) => this.meet(accepted))
      return undefined
    })
  }

  static async start(options: FakePolicyServerOptions = {}): Promise<FakePolicyServer> {
    const fake = new FakePolicyServer(options)
    fake.server.listen(options.port ?? 0, '127.0.0.1')
    await once(fake.server, 'listening')
    return fake
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get address(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  /** From now on it behaves otherwise. */
  become(options: FakePolicyServerOptions): void {
    this.options = options
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private meet(socket: WebSocket): void {
    this.sockets.push(socket)
    socket.on('message', (data: Buffer) => {
      const question = unwrap(decodeWire(data, openpiArrays))
      this.questions.push(question)
      const answer = this.options.answer?.(question, socket) ?? null
      if (answer !== null) socket.send(wire(answer))
    })
    const { greet = {} } = this.options
    if (typeof greet === 'function') greet(socket)
    else if (greet !== null) socket.send(wire(greet))
  }
}
