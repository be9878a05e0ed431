/** Contract connections between hosts over a local socket, so that action chunks and simulator state never cross main. */
import { rmSync } from 'node:fs'
import { connect as connectSocket, createServer, type Server } from 'node:net'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import { serve, type BoundService } from '#contract/rpc/serve.ts'
import { byteStreamTransport } from '#contract/transport/byte-stream.ts'

/**
 * Listens at `path` and serves every connection as a peer of its own. A socket file that a killed process left there is
 * replaced: the folder is private to one program. Rejects when the path cannot be bound.
 */
export async function serveLocalSocket(
  path: string,
  services: readonly BoundService[],
  onPeerGone?: (peer: string) => void,
): Promise<Server> {
  let count = 0
  const server = createServer((socket) => {
    const peer = `socket-${++count}`
    const transport = byteStreamTransport(socket)
    serve(services, transport, peer)
    transport.onClose(() => onPeerGone?.(peer))
  })
  if (process.platform !== 'win32') rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return server
}

/** Connects to a socket served by `serveLocalSocket`. Rejects with the system's error when nobody listens. */
export async function connectLocalSocket(path: string): Promise<Connection> {
  const socket = connectSocket(path)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return connect(byteStreamTransport(socket))
}
