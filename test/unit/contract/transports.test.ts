/** The contract suite over the transports that live in one process. The child process is in test/integration/contract. */
import { once } from 'node:events'
import { createServer, connect as connectSocket } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import { WebSocket, WebSocketServer } from 'ws'
import { createMux } from '#contract/rpc/mux.ts'
import { serve } from '#contract/rpc/serve.ts'
import { byteStreamTransport } from '#contract/transport/byte-stream.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { probeServer } from '#test/fakes/probe-service.ts'
import { contractSuite, type Wire } from './transport-suite.ts'

function wireOf(client: Transport, server: Transport, dispose?: () => Promise<void>): Wire {
  const { bound, counts } = probeServer()
  serve([bound], server, 'tester')
  const base = { transport: client, loseServer: () => server.close(), counts }
  return dispose === undefined ? base : { ...base, dispose }
}

contractSuite('memory', async () => wireOf(...memoryPair()))

contractSuite('a MessagePort', async () => {
  const { port1, port2 } = new MessageChannel()
  return wireOf(messagePortTransport(port1), messagePortTransport(port2))
})

contractSuite('a byte stream (socket)', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const client = connectSocket(address.port, '127.0.0.1')
  const [accepted] = (await once(server, 'connection')) as [ReturnType<typeof connectSocket>]
  return wireOf(byteStreamTransport(client), byteStreamTransport(accepted), async () => {
    client.destroy()
    accepted.destroy()
    server.close()
  })
})

contractSuite('a WebSocket', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`)
  const transport = webSocketTransport(client)
  const [accepted] = (await once(server, 'connection')) as [WebSocket]
  return wireOf(transport, webSocketTransport(accepted), async () => {
    client.terminate()
    server.close()
  })
})

contractSuite('a channel of a mux', async () => {
  const [near, far] = memoryPair()
  const { bound, counts } = probeServer()
  createMux(far, (peer, channel) => serve([bound], channel, peer))
  return { transport: createMux(near).open('page-1'), loseServer: () => far.close(), counts }
})
