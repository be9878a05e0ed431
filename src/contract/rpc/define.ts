/**
 * How a service is described, once, for both ends: calls answer once, streams flow to the client, sinks flow to the
 * server. The description is plain data; `serve` and `connect` give it life over any `Transport`.
 */
import type { z } from 'zod'

type Schema = z.ZodType

export interface CallMember<I extends Schema = Schema, O extends Schema = Schema> {
  readonly kind: 'call'
  readonly input: I
  readonly output: O
}

/** `latest`: a slow reader sees the newest item and never grows a queue. `lossless`: every item, the server waits for credit. */
export type Delivery = 'latest' | 'lossless'

export interface StreamMember<P extends Schema = Schema, T extends Schema = Schema> {
  readonly kind: 'stream'
  readonly params: P
  readonly item: T
  readonly delivery: Delivery
}

/** Client to server, lossless: `write` resolves when the server has taken the item, which is the back-pressure. */
export interface SinkMember<P extends Schema = Schema, T extends Schema = Schema> {
  readonly kind: 'sink'
  readonly params: P
  readonly item: T
}

export type Member = CallMember | StreamMember | SinkMember
export type Members = Readonly<Record<string, Member>>

export interface Service<M extends Members = Members> {
  readonly name: string
  readonly members: M
}

export const call = <I extends Schema, O extends Schema>(input: I, output: O): CallMember<I, O> => ({
  kind: 'call',
  input,
  output,
})

export const stream = <P extends Schema, T extends Schema>(
  params: P,
  item: T,
  delivery: Delivery,
): StreamMember<P, T> => ({
  kind: 'stream',
  params,
  item,
  delivery,
})

export const sink = <P extends Schema, T extends Schema>(params: P, item: T): SinkMember<P, T> => ({
  kind: 'sink',
  params,
  item,
})

export const defineService = <const M extends Members>(name: string, members: M): Service<M> => ({
  name,
  members,
})
