/** The headless front door: the page's files and the contract socket on 127.0.0.1, both only for browsers that were let in. */
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'
import type { Transport } from '#contract/rpc/transport.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'
import { findPageFile } from '../page/page-files.ts'
import { contentSecurityPolicy, securityHeaders } from '../security/content-policy.ts'
import type { Door } from '../security/door.ts'
import { cookieOf, mayConnect, mayRead } from '../security/request-guard.ts'
import { keepAlive } from './keep-alive.ts'
import { notice } from './notice.ts'

export const contractPath = '/contract'

/** Larger than any message of the contract (a video frame, a byte range of 4 MiB). */
const maxMessageBytes = 64 * 1024 * 1024

/** Serves a page request that was let in; for development, when the page comes from Vite. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void

export interface PageServerOptions {
  readonly pageDir: string
  /** 0 takes any free port. */
  readonly port: number
  readonly door: Door
  readonly onPage: (transport: Transport) => void
  readonly servePage?: PageHandler
}

export interface PageServer extends AsyncDisposable {
  readonly port: number
}

const pathOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://page')

/** Cookies know no ports: the name keeps two instances on one machine apart. */
const cookieName = (port: number): string => `foresight-${port}`

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, {
    ...securityHeaders(contentSecurityPolicy(null)),
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  })
  response.end(body)
}

async function sendFile(
  root: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = findPageFile(root, pathname)
  if (file === null) return send(response, 404, {}, notice('not-found'))
  response.writeHead(200, {
    ...securityHeaders(contentSecurityPolicy(`ws://${request.headers.host ?? ''}`)),
    'Content-Type': file.contentType,
    'Content-Length': String(file.sizeBytes),
    'Cache-Control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store',
  })
  if (request.method === 'HEAD') response.end()
  // A browser that goes away in the middle is not an error.
  else await pipeline(createReadStream(file.path), response).catch(() => undefined)
}

export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { door } = options
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  })
  let port = 0
  const isLetIn = (request: IncomingMessage): boolean =>
    door.isSession(cookieOf(request.headers, cookieName(port)))

  const exchange = (token: string, response: ServerResponse): void => {
    const session = door.exchange(token)
    if (session === null) return send(response, 401, {}, notice('token-used'))
    const cookie = `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/`
    send(response, 303, { 'Set-Cookie': cookie, Location: '/' }, '')
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!mayRead(request.headers)) return send(response, 403, {}, notice('wrong-host'))
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, { Allow: 'GET, HEAD' }, '')
    const url = pathOf(request)
    const token = url.searchParams.get('token')
    if (url.pathname === '/' && token !== null && request.method === 'GET') {
      // Opening the same link twice in the browser that used it is not a reason to shut it out.
      if (isLetIn(request)) return send(response, 303, { Location: '/' }, '')
      return exchange(token, response)
    }
    if (!isLetIn(request)) return send(response, 401, {}, notice('no-session'))
    if (options.servePage !== undefined) return options.servePage(request, response)
    void sendFile(options.pageDir, url.pathname, request, response)
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refuse = (status: string): void =>
      void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
    socket.on('error', () => socket.destroy())
    if (!mayConnect(request.headers)) return refuse('403 Forbidden')
    if (pathOf(request).pathname !== contractPath) return refuse('404 Not Found')
    if (!isLetIn(request)) return refuse('401 Unauthorized')
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      keepAlive(webSocket)
      options.onPage(webSocketTransport(webSocket))
    })
  }

  const server = createServer(onRequest)
  server.on('upgrade', onUpgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  port = address.port

  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
