/** The client end: a typed face per service over one transport. Every pending promise settles when the transport closes. */
import { FaultError, type Fault } from '#core/result.ts'
import { faultCodes, type FaultCode } from '#core/errors.ts'
import type { Members, Service } from './define.ts'
import type { Transport } from './transport.ts'
import type { Client, SinkWriter } from './types.ts'
import { protocolVersion, wireMessage, type WireMessage } from './wire.ts'

const knownCodes: ReadonlySet<string> = new Set(faultCodes)

const readFault = (raw: {
  code: string
  message: string
  data?: Record<string, unknown> | undefined
}): Fault => {
  const code = (knownCodes.has(raw.code) ? raw.code : 'contract/internal') as FaultCode
  return raw.data === undefined
    ? { code, message: raw.message }
    : { code, message: raw.message, data: raw.data }
}

const closedFault: Fault = { code: 'contract/closed', message: 'the other end is gone' }
const finishedFault: Fault = { code: 'contract/closed', message: 'this sink was finished' }

interface Pending {
  onMessage(message: WireMessage): void
  onClosed(): void
}

export interface Connection extends Disposable {
  client<M extends Members>(service: Service<M>): Client<Service<M>>
  /** Resolves when both ends speak the same protocol; rejects with `contract/version-mismatch` or `contract/closed`. */
  readonly ready: Promise<void>
  onClose(listener: () => void): void
}

export function connect(transport: Transport): Connection {
  const pending = new Map<number, Pending>()
  const closeListeners: (() => void)[] = []
  let nextId = 1
  let isClosed = false
  const post = (message: WireMessage): void => transport.post(message)

  let settleReady: { resolve: () => void; reject: (error: Error) => void }
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject }
  })
  ready.catch(() => undefined)

  transport.onMessage((raw) => {
    const parsed = wireMessage.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    if (message.t === 'hello') {
      if (message.v === protocolVersion) settleReady.resolve()
      else {
        const text = `this side speaks ${protocolVersion}, the other ${message.v}`
        settleReady.reject(new FaultError({ code: 'contract/version-mismatch', message: text }))
        transport.close()
      }
      return
    }
    if ('id' in message) pending.get(message.id)?.onMessage(message)
  })
  transport.onClose(() => {
    if (isClosed) return
    isClosed = true
    settleReady.reject(new FaultError(closedFault))
    for (const entry of pending.values()) entry.onClosed()
    pending.clear()
    for (const listener of closeListeners) listener()
  })
  post({ t: 'hello', v: protocolVersion })

  const startCall = (s: string, m: string, input: unknown, signal?: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(new FaultError(closedFault))
      const cancelled = { code: 'contract/cancelled', message: `${s}.${m} cancelled` } as const
      if (signal?.aborted === true) return reject(new FaultError(cancelled))
      const id = nextId++
      const onAbort = (): void => {
        post({ t: 'cancel', id })
        finish(() => reject(new FaultError(cancelled)))
      }
      const finish = (settle: () => void): void => {
        if (!pending.delete(id)) return
        signal?.removeEventListener('abort', onAbort)
        settle()
      }
      pending.set(id, {
        onMessage: (message) => {
          if (message.t === 'ok') finish(() => resolve(message.v))
          else if (message.t === 'err') finish(() => reject(new FaultError(readFault(message.e))))
        },
        onClosed: () => finish(() => reject(new FaultError(closedFault))),
      })
      signal?.addEventListener('abort', onAbort, { once: true })
      post({ t: 'call', s, m, id, v: input })
    })

  const subscribe = (
    s: string,
    m: string,
    params: unknown,
    onItem: (item: unknown) => void | Promise<void>,
    onEnd?: (fault: Fault | null) => void,
  ): Disposable => {
    const id = nextId++
    const finish = (fault: Fault | null): void => {
      if (pending.delete(id)) onEnd?.(fault)
    }
    const deliver = async (item: unknown): Promise<void> => {
      try {
        await onItem(item)
      } finally {
        if (pending.has(id)) post({ t: 'ack', id })
      }
    }
    if (isClosed) {
      onEnd?.(closedFault)
      return { [Symbol.dispose]: () => undefined }
    }
    pending.set(id, {
      onMessage: (message) => {
        if (message.t === 'item') void deliver(message.v)
        else if (message.t === 'end') finish(message.e === undefined ? null : readFault(message.e))
        else if (message.t === 'err') finish(readFault(message.e))
      },
      onClosed: () => finish(closedFault),
    })
    post({ t: 'sub', s, m, id, v: params })
    return {
      [Symbol.dispose]: () => {
        if (pending.delete(id) && !isClosed) post({ t: 'unsub', id })
      },
    }
  }

  const openSink = (s: string, m: string, params: unknown): SinkWriter<unknown> => {
    const id = nextId++
    const waits: { resolve: () => void; reject: (error: Error) => void }[] = []
    let failure: Fault | null = isClosed ? closedFault : null
    const endWith = (fault: Fault): void => {
      failure = fault
      pending.delete(id)
      for (const wait of waits.splice(0)) wait.reject(new FaultError(fault))
    }
    if (failure === null) {
      pending.set(id, {
        onMessage: (message) => {
          if (message.t === 'took') waits.shift()?.resolve()
          else if (message.t === 'err') endWith(readFault(message.e))
          else if (message.t === 'end') {
            failure = finishedFault
            pending.delete(id)
            for (const wait of waits.splice(0)) wait.resolve()
          }
        },
        onClosed: () => endWith(closedFault),
      })
      post({ t: 'open', s, m, id, v: params })
    }
    const send = (message: WireMessage): Promise<void> =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(new FaultError(failure))
        waits.push({ resolve, reject })
        post(message)
      })
    return { write: (item) => send({ t: 'put', id, v: item }), close: () => send({ t: 'fin', id }) }
  }

  return {
    ready,
    client<M extends Members>(service: Service<M>) {
      const face: Record<string, unknown> = {}
      for (const [name, member] of Object.entries(service.members)) {
        if (member.kind === 'call')
          face[name] = (input: unknown, options?: { signal?: AbortSignal }) =>
            startCall(service.name, name, input, options?.signal)
        else if (member.kind === 'stream')
          face[name] = (
            params: unknown,
            onItem: (item: unknown) => void | Promise<void>,
            onEnd?: (fault: Fault | null) => void,
          ) => subscribe(service.name, name, params, onItem, onEnd)
        else face[name] = (params: unknown) => openSink(service.name, name, params)
      }
      return face as Client<Service<M>>
    },
    onClose: (listener) => {
      if (isClosed) listener()
      else closeListeners.push(listener)
    },
    [Symbol.dispose]: () => transport.close(),
  }
}
