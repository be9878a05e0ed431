/**
 * The socket at which evaluation scripts ask a policy that runs here. Bound to this machine unless a person says otherwise; a token
 * where one is set; never for web pages, which could otherwise ask from any site.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Fault } from '#core/result.ts'
import type { Session, SessionSocket } from './session.ts'

/** Three pictures of 4K with room; more is no observation. */
const maxMessageBytes = 128 * 1024 * 1024
/** How long clients are waited for when the server ends. */
const farewellMs = 1000

export interface PolicyServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly token: string | null
  readonly session: (socket: SessionSocket) => Session
  /** One line on each client that comes, errs or goes. */
  readonly note: (text: string) => void
}

export interface PolicyServer extends AsyncDisposable {
  readonly port: number
}

/** @throws Error with a `code` where the address cannot be bound */
export async function startPolicyServer(options: PolicyServerOptions): Promise<PolicyServer> {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  })
  const server = createServer((request, response) => {
    const isHealth = urlOf(request)?.pathname === '/healthz'
    if (isHealth) response.writeHead(200, { 'Content-Type': 'text/plain' }).end('OK\n')
    else
      response.writeHead(426, { 'Content-Type': 'text/plain', Upgrade: 'websocket' }).end('WebSocket only\n')
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = refusal(request, options.token)
    if (status !== null) {
      options.note(`${nameOf(request)} was refused: ${status}`)
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => serveClient(client, nameOf(request), options))
  })
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.close(1001, 'the policy server ends')
      server.close()
      server.closeIdleConnections()
      // A client that does not answer the close frame must not keep the process alive.
      const timer = setTimeout(() => {
        for (const client of sockets.clients) client.terminate()
      }, farewellMs)
      await once(server, 'close')
      clearTimeout(timer)
    },
  }
}

/** HTTP status line for a request that is not let in. */
function refusal(request: IncomingMessage, token: string | null): string | null {
  if (request.headers.origin !== undefined) return '403 Forbidden'
  if (token === null) return null
  const given = /^(?:Api-Key|Bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  // XPolicyLab's client can only be given an address.
  const inAddress = urlOf(request)?.searchParams.get('token')
  return isSame(given ?? inAddress ?? '', token) ? null : '401 Unauthorized'
}

/** Null for what no address can be. */
const urlOf = (request: IncomingMessage): URL | null => URL.parse(request.url ?? '/', 'http://policy')

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const isSame = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token))

const nameOf = (request: IncomingMessage): string =>
  `${request.socket.remoteAddress ?? 'a client'}:${request.socket.remotePort ?? 0}`

function serveClient(client: WebSocket, name: string, { session: open, note }: PolicyServerOptions): void {
  const gone = new AbortController()
  let answers = 0
  let queue: Promise<unknown> = Promise.resolve()
  const session = open({
    send: (message) => {
      if (!gone.signal.aborted) client.send(message)
    },
    close: (code, reason) => {
      client.close(code, reason)
      gone.abort()
    },
  })
  const tell = (fault: Fault | null): void => {
    if (fault === null) answers += 1
    else if (fault.code !== 'contract/cancelled') note(`${name}: ${fault.code}: ${fault.message}`)
  }
  client.on('message', (data, isBinary) => {
    const message = isBinary ? bytesOf(data) : Buffer.from(bytesOf(data)).toString('utf8')
    queue = queue.then(async () => {
      // What came after the last answer is not computed.
      if (!gone.signal.aborted) tell(await session.hear(message, gone.signal))
    })
  })
  client.on('error', (error) => note(`${name}: ${error.message}`))
  client.on('close', () => {
    gone.abort()
    note(`${name} is gone after ${answers} answers`)
  })
  note(`${name} is connected`)
  session.greet()
}

const bytesOf = (data: RawData): Uint8Array => {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
