/**
 * A bus as a local stream socket (a named pipe on Windows) that carries the wire's bytes as they are. One program at a time,
 * like a serial port: a second one is turned away. A socket has no speed; hosts on it are taken to speak 1 Mbaud.
 */
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { fail, ok, type Result } from '#core/result.ts'
import type { BusLink, LinkEvents } from './bus-link.ts'

const socketBaud = 1_000_000

export class SocketLink implements BusLink {
  readonly address: string
  readonly baud = socketBaud
  readonly #events: LinkEvents
  #server: Server | null = null
  #client: Socket | null = null

  private constructor(path: string, events: LinkEvents) {
    this.address = path
    this.#events = events
  }

  /** Fails with `bus/port-busy` when the path cannot be bound. A stale socket file of a dead process is replaced. */
  static async open(path: string, events: LinkEvents): Promise<Result<SocketLink>> {
    const link = new SocketLink(path, events)
    const listening = await link.#listen()
    return listening.ok ? ok(link) : listening
  }

  get isOpen(): boolean {
    return this.#client !== null
  }

  send(bytes: Uint8Array): void {
    this.#client?.write(bytes)
  }

  async setPlugged(isPlugged: boolean): Promise<Result<void>> {
    if (isPlugged === (this.#server !== null)) return ok(undefined)
    if (isPlugged) return await this.#listen()
    await this.#close()
    return ok(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  async #listen(): Promise<Result<void>> {
    if (process.platform !== 'win32') rmSync(this.address, { force: true })
    const server = createServer((socket) => this.#accept(socket))
    const error = await new Promise<Error | null>((resolve) => {
      server.once('error', resolve)
      server.listen(this.address, () => resolve(null))
    })
    if (error !== null) return fail('bus/port-busy', `cannot listen at ${this.address}: ${error.message}`)
    this.#server = server
    return ok(undefined)
  }

  #accept(socket: Socket): void {
    // A reset by the other side is the same news as its end; 'close' follows either.
    socket.on('error', () => undefined)
    if (this.#client !== null) {
      socket.destroy()
      return
    }
    this.#client = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.#events.onBytes(bytes))
    socket.on('close', () => {
      if (this.#client !== socket) return
      this.#client = null
      this.#events.onGone()
    })
  }

  async #close(): Promise<void> {
    const server = this.#server
    this.#server = null
    this.#client?.destroy()
    if (server !== null) await new Promise((resolve) => server.close(resolve))
  }
}
