/** Ends sockets whose other end vanished without a word (a laptop put to sleep behind an SSH tunnel), so that its page counts as gone. */
import type { WebSocket } from 'ws'

const pingEveryMs = 5000

export function keepAlive(socket: WebSocket): void {
  let isAnswered = true
  socket.on('pong', () => {
    isAnswered = true
  })
  const timer = setInterval(() => {
    if (!isAnswered) return socket.terminate()
    isAnswered = false
    socket.ping()
  }, pingEveryMs)
  socket.on('close', () => clearInterval(timer))
}
