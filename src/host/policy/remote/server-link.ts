/**
 * One connection to an openpi server (spec/peers.md §2.1): it greets with its metadata, then one answer to each question. Questions
 * carry no ids, so an answer that comes too late would be taken for the next one's: after a time-out the connection is given up.
 */
import { WebSocket, type RawData } from 'ws'
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { decodeWire } from '#core/policy/openpi/wire-codec.ts'
import { isWireMap, type WireMap } from '#core/policy/openpi/wire-value.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { Later } from '../../shared/later.ts'
import { faultOfError, faultOfResponse, refusedWith } from './link-faults.ts'

/** A chunk is a few kilobytes; a server that echoes its pictures stays far below. */
const maxAnswerBytes = 64 * 1024 * 1024
/** As Python's websockets does from the other side; shorter would take a server that computes for a dead one. */
const pingEveryMs = 20_000

export interface LinkOptions {
  readonly address: string
  readonly apiKey: string | null
  /** From the first packet to the server's greeting. */
  readonly connectTimeoutMs: number
  readonly later: Later
}

export interface ServerLink extends Disposable {
  readonly metadata: WireMap
  /**
   * One at a time. Fails with `policy/timeout`, `policy/remote-refused` (the server answers with an error),
   * `policy/remote-protocol` or `policy/remote-unreachable` (it is gone).
   */
  ask(question: Uint8Array, timeoutMs: number): Promise<Result<WireMap>>
  /** Settles when the connection is over, whoever ended it. */
  readonly closed: Promise<Fault>
}

/** Fails with `policy/remote-unreachable`, `policy/remote-refused` or `policy/remote-protocol`. */
export async function openLink(options: LinkOptions): Promise<Result<ServerLink>> {
  const link = new SocketLink(options)
  const greeting = await link.expect(
    options.connectTimeoutMs,
    'policy/remote-unreachable',
    `${options.address} does not greet`,
  )
  if (!greeting.ok) return greeting
  return ok(link.greeted(greeting.value))
}

class SocketLink implements ServerLink {
  metadata: WireMap = {}
  readonly closed: Promise<Fault>
  private readonly socket: WebSocket
  private readonly address: string
  private readonly later: Later
  private settleClosed: (fault: Fault) => void = () => undefined
  private waiting: ((answer: Result<WireMap>) => void) | null = null
  private over: Fault | null = null
  private ping: Disposable | null = null
  private isPongDue = false
  private isGreeted = false

  constructor({ address, apiKey, later }: LinkOptions) {
    this.address = address
    this.later = later
    this.closed = new Promise((settle) => {
      this.settleClosed = settle
    })
    const headers = apiKey === null ? {} : { Authorization: `Api-Key ${apiKey}` }
    this.socket = new WebSocket(address, {
      headers,
      perMessageDeflate: false,
      maxPayload: maxAnswerBytes,
      followRedirects: false,
    })
    this.socket.on('message', (data, isBinary) => this.heard(data, isBinary))
    this.socket.on('pong', () => {
      this.isPongDue = false
    })
    this.socket.on('error', (error) => this.end(faultOfError(error, address)))
    this.socket.on('unexpected-response', (_request, response) =>
      this.end(faultOfResponse(response, address)),
    )
    this.socket.on('close', (code, reason) => this.end(this.gone(code, reason.toString())))
  }

  greeted(metadata: WireMap): this {
    this.metadata = metadata
    this.isGreeted = true
    this.schedulePing()
    return this
  }

  ask(question: Uint8Array, timeoutMs: number): Promise<Result<WireMap>> {
    const isFree = this.over === null && this.waiting === null
    const answer = this.expect(timeoutMs, 'policy/timeout', `${this.address} gives no answer`)
    if (isFree) this.socket.send(question)
    return answer
  }

  expect(
    timeoutMs: number,
    code: 'policy/timeout' | 'policy/remote-unreachable',
    message: string,
  ): Promise<Result<WireMap>> {
    if (this.over !== null) return Promise.resolve({ ok: false, error: this.over })
    if (this.waiting !== null)
      return Promise.resolve(fail('policy/busy', `${this.address} has a question already`))
    return new Promise((settle) => {
      const timer = this.later(() => {
        const { error } = fail(code, `${message} within ${timeoutMs} ms`, {
          address: this.address,
          timeoutMs,
        })
        this.end(error)
      }, timeoutMs)
      this.waiting = (answer) => {
        timer[Symbol.dispose]()
        this.waiting = null
        settle(answer)
      }
    })
  }

  [Symbol.dispose](): void {
    this.end({
      code: 'policy/remote-unreachable',
      message: `the connection to ${this.address} was closed here`,
      data: { address: this.address },
    })
  }

  private heard(data: RawData, isBinary: boolean): void {
    const bytes = bytesOf(data)
    if (!isBinary) return this.end(refusedWith(Buffer.from(bytes).toString('utf8'), this.address))
    const decoded = decodeWire(bytes, openpiArrays)
    if (!decoded.ok)
      return this.end({ ...decoded.error, data: { ...decoded.error.data, address: this.address } })
    if (!isWireMap(decoded.value)) return this.end(this.protocol('answers with something that is no map'))
    if (this.waiting === null) return this.end(this.protocol('answers without being asked'))
    this.waiting(ok(decoded.value))
  }

  private end(fault: Fault): void {
    if (this.over !== null) return
    this.over = fault
    this.ping?.[Symbol.dispose]()
    this.waiting?.({ ok: false, error: fault })
    this.socket.terminate()
    this.settleClosed(fault)
  }

  private gone(code: number, reason: string): Fault {
    const when = !this.isGreeted
      ? ' without a greeting'
      : this.waiting === null
        ? ''
        : ' in the middle of an answer'
    return {
      code: 'policy/remote-unreachable',
      message: `${this.address} ended the connection${when} (${code}${reason === '' ? '' : `: ${reason}`})`,
      data: { address: this.address, closeCode: code, reason },
    }
  }

  private protocol(what: string): Fault {
    return {
      code: 'policy/remote-protocol',
      message: `${this.address} ${what}`,
      data: { address: this.address, reason: what },
    }
  }

  /** Only while nothing is asked: servers compute inside their event loop and cannot answer a ping meanwhile. */
  private schedulePing(): void {
    this.ping = this.later(() => {
      if (this.waiting === null) {
        if (this.isPongDue) return this.end(this.gone(1006, 'no sign of life'))
        this.isPongDue = true
        this.socket.ping()
      } else this.isPongDue = false
      this.schedulePing()
    }, pingEveryMs)
  }
}

const bytesOf = (data: RawData): Uint8Array => {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
