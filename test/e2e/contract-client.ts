/** A test's own peer of a running program: exchanges the one-time token for a cookie as a browser does, then speaks the contract. */
import { WebSocket } from 'ws'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import { shell, type HostStatus } from '#contract/services/shell.ts'
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

/** The first item of a stream that is accepted (any, by default). Rejects when the stream ends before. */
export function latestOf<T>(
  subscribe: (onItem: (item: T) => void, onEnd: () => void) => Disposable,
  accept: (item: T) => boolean = () => true,
): Promise<T> {
  return new Promise((found, failed) => {
    let subscription: Disposable | null = null
    let isDone = false
    const end = (): void => {
      isDone = true
      subscription?.[Symbol.dispose]()
    }
    subscription = subscribe(
      (item) => {
        if (isDone || !accept(item)) return
        end()
        found(item)
      },
      () => {
        if (!isDone) failed(new Error('the stream ended'))
      },
    )
    if (isDone) subscription[Symbol.dispose]()
  })
}

/** Resolves when all hosts of a program run. */
export async function hostsRunning(peer: Connection): Promise<void> {
  await latestOf<readonly HostStatus[]>(
    (onItem, onEnd) => peer.client(shell).hosts(undefined, onItem, onEnd),
    (hosts) => hosts.length > 0 && hosts.every(({ status }) => status === 'running'),
  )
}
