/**
 * The server end: validates every request, keeps each stream at its delivery rule, and sends errors as `{code, message, data}`.
 * One `serve` per transport; all subscriptions and sinks of a peer end when its transport closes.
 */
import type { z } from 'zod'
import { FaultError, type Fault } from '#core/result.ts'
import type { Members, Service } from './define.ts'
import { createEmitter } from './emitter.ts'
import type { Transport } from './transport.ts'
import type { Implementation, PeerContext, SinkReceiver, StreamEmitter } from './types.ts'
import { protocolVersion, wireMessage, type WireMessage } from './wire.ts'

/** A service with its implementation, types erased for a list. Made by `implement`. */
export interface BoundService {
  readonly service: Service
  readonly methods: Readonly<Record<string, (...args: never[]) => unknown>>
}

export function implement<M extends Members>(
  service: Service<M>,
  methods: Implementation<Service<M>>,
): BoundService {
  return { service, methods }
}

type CallFn = (input: unknown, context: PeerContext) => Promise<unknown>
type StreamFn = (params: unknown, emitter: StreamEmitter<unknown>, context: PeerContext) => Disposable
type SinkFn = (params: unknown, context: PeerContext) => SinkReceiver<unknown>

export const toFault = (error: unknown): Fault =>
  error instanceof FaultError
    ? error.fault
    : { code: 'contract/internal', message: error instanceof Error ? error.message : String(error) }

interface OpenStream {
  readonly onAck: () => void
  readonly stop: () => void
}

export function serve(services: readonly BoundService[], transport: Transport, peer: string): Disposable {
  const byName = new Map(services.map((bound) => [bound.service.name, bound]))
  const calls = new Map<number, AbortController>()
  const streams = new Map<number, OpenStream>()
  const sinks = new Map<number, { receiver: SinkReceiver<unknown>; item: z.ZodType; queue: Promise<void> }>()
  const gone = new AbortController()

  const post = (message: WireMessage): void => transport.post(message)
  const refuse = (id: number, fault: Fault): void => post({ t: 'err', id, e: fault })

  const find = (message: { s: string; m: string; id: number }, kind: 'call' | 'stream' | 'sink') => {
    // A second use of a live id would orphan the first one's resources.
    if (calls.has(message.id) || streams.has(message.id) || sinks.has(message.id)) {
      refuse(message.id, { code: 'contract/invalid-request', message: `id ${message.id} is in use` })
      return null
    }
    const bound = byName.get(message.s)
    const member = bound?.service.members[message.m]
    const method = bound?.methods[message.m]
    if (member?.kind === kind && method !== undefined) return { member, method }
    refuse(message.id, { code: 'contract/unknown-member', message: `no ${kind} ${message.s}.${message.m}` })
    return null
  }

  const parse = (schema: z.ZodType, value: unknown, name: string): unknown => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw new FaultError({
      code: 'contract/invalid-request',
      message: `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'invalid'}`.trim(),
    })
  }

  const onCall = async (message: Extract<WireMessage, { t: 'call' }>): Promise<void> => {
    const found = find(message, 'call')
    if (found?.member.kind !== 'call') return
    const abort = new AbortController()
    calls.set(message.id, abort)
    try {
      const input = parse(found.member.input, message.v, `${message.s}.${message.m}`)
      const context = { peer, signal: AbortSignal.any([abort.signal, gone.signal]) }
      const value = await (found.method as unknown as CallFn)(input, context)
      post({ t: 'ok', id: message.id, v: value })
    } catch (error) {
      refuse(message.id, toFault(error))
    } finally {
      calls.delete(message.id)
    }
  }

  const onSubscribe = (message: Extract<WireMessage, { t: 'sub' }>): void => {
    const found = find(message, 'stream')
    if (found?.member.kind !== 'stream') return
    const { id } = message
    const abort = new AbortController()
    const emitter = createEmitter(found.member.delivery, {
      send: (item) => post({ t: 'item', id, v: item }),
      end: (fault) => {
        streams.get(id)?.stop()
        post(fault === undefined ? { t: 'end', id } : { t: 'end', id, e: fault })
      },
    })
    try {
      const params = parse(found.member.params, message.v, `${message.s}.${message.m}`)
      let source: Disposable | null = null
      const stop = (): void => {
        streams.delete(id)
        abort.abort()
        emitter.close()
        source?.[Symbol.dispose]()
        source = null
      }
      streams.set(id, { onAck: emitter.onAck, stop })
      const started = (found.method as unknown as StreamFn)(params, emitter, { peer, signal: abort.signal })
      if (streams.has(id)) source = started
      else started[Symbol.dispose]()
    } catch (error) {
      streams.delete(id)
      post({ t: 'end', id, e: toFault(error) })
    }
  }

  const onOpen = (message: Extract<WireMessage, { t: 'open' }>): void => {
    const found = find(message, 'sink')
    if (found?.member.kind !== 'sink') return
    try {
      const params = parse(found.member.params, message.v, `${message.s}.${message.m}`)
      const receiver = (found.method as unknown as SinkFn)(params, { peer, signal: gone.signal })
      sinks.set(message.id, { receiver, item: found.member.item, queue: Promise.resolve() })
    } catch (error) {
      refuse(message.id, toFault(error))
    }
  }

  const onPut = (message: Extract<WireMessage, { t: 'put' }>): void => {
    const open = sinks.get(message.id)
    if (open === undefined) return
    open.queue = open.queue.then(async () => {
      if (!sinks.has(message.id)) return
      try {
        await open.receiver.take(parse(open.item, message.v, 'sink item'))
        post({ t: 'took', id: message.id })
      } catch (error) {
        const fault = toFault(error)
        sinks.delete(message.id)
        open.receiver.end(fault)
        refuse(message.id, fault)
      }
    })
  }

  const onFinish = (id: number): void => {
    const open = sinks.get(id)
    if (open === undefined) return
    void open.queue.then(() => {
      if (!sinks.delete(id)) return
      open.receiver.end()
      post({ t: 'end', id })
    })
  }

  transport.onMessage((raw) => {
    const parsed = wireMessage.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    switch (message.t) {
      case 'hello':
        post({ t: 'hello', v: protocolVersion })
        if (message.v !== protocolVersion) transport.close()
        return
      case 'call':
        void onCall(message)
        return
      case 'cancel':
        calls.get(message.id)?.abort()
        return
      case 'sub':
        onSubscribe(message)
        return
      case 'ack':
        streams.get(message.id)?.onAck()
        return
      case 'unsub':
        streams.get(message.id)?.stop()
        return
      case 'open':
        onOpen(message)
        return
      case 'put':
        onPut(message)
        return
      case 'fin':
        onFinish(message.id)
        return
      case 'ok':
      case 'err':
      case 'item':
      case 'end':
      case 'took':
        return
    }
  })

  const stopAll = (): void => {
    if (gone.signal.aborted) return
    gone.abort()
    for (const open of streams.values()) open.stop()
    for (const open of sinks.values())
      open.receiver.end({ code: 'contract/closed', message: 'the other end is gone' })
    sinks.clear()
  }
  transport.onClose(stopAll)
  return { [Symbol.dispose]: stopAll }
}
