/** A browser without a screen: exchanges the token for the cookie as a browser would, then speaks the contract over the WebSocket. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'

export async function cookieFrom(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')
  if (response.status !== 303 || cookie === null) throw new Error(`not let in: ${response.status}`)
  return cookie.split(';')[0] ?? ''
}

export interface PageClient extends AsyncDisposable {
  readonly connection: Connection
  readonly cookie: string
}

/** `cookie` of an earlier page, or the address with a fresh token. Rejects when the socket is refused. */
export async function openPage(url: string, cookie?: string): Promise<PageClient> {
  const { origin, host } = new URL(url)
  const held = cookie ?? (await cookieFrom(url))
  const socket = new WebSocket(`ws://${host}/contract`, { origin, headers: { cookie: held } })
  const closed = once(socket, 'close')
  const connection = connect(webSocketTransport(socket))
  await connection.ready
  return {
    connection,
    cookie: held,
    [Symbol.asyncDispose]: async () => {
      connection[Symbol.dispose]()
      await closed
    },
  }
}
