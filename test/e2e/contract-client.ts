/** A test's own peer of a running program: exchanges the one-time token for a cookie as a browser does, then speaks the contract. */
import { WebSocket } from 'ws'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'

/** The session cookie for `url`, which carries a token that was not used yet. */
export async function sessionCookie(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0]
  if (cookie === undefined) throw new Error(`no session from ${answer.status}`)
  return cookie
}

/** A connection that has shaken hands. */
export async function connectPeer(url: string, cookie: string): Promise<Connection> {
  const { host, origin } = new URL(url)
  const socket = new WebSocket(`ws://${host}/contract`, { headers: { cookie, origin } })
  const connection = connect(webSocketTransport(socket))
  await connection.ready
  return connection
}
