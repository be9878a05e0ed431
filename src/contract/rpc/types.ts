/** The TypeScript faces of a described service: what a server implements and what a client calls. */
import type { z } from 'zod'
import type { Fault } from '#core/result.ts'
import type { CallMember, Members, Service, SinkMember, StreamMember } from './define.ts'

/** Who asks: one page or one process, for leases and logs. `signal` aborts when the caller cancels or goes away. */
export interface PeerContext {
  readonly peer: string
  readonly signal: AbortSignal
}

/** Where a server puts stream items. `emit` of a lossless stream resolves when there is room again; of a latest-wins stream at once. */
export interface StreamEmitter<T> {
  emit(item: T): Promise<void>
  end(fault?: Fault): void
}

export interface SinkReceiver<T> {
  /** The client's `write` resolves after this does; a rejection ends the sink with its fault. */
  take(item: T): Promise<void>
  /** The client finished, or vanished (`fault`). */
  end(fault?: Fault): void
}

type Impl<M> =
  M extends CallMember<infer I, infer O>
    ? (input: z.output<I>, context: PeerContext) => Promise<z.input<O>>
    : M extends StreamMember<infer P, infer T>
      ? (params: z.output<P>, emitter: StreamEmitter<z.input<T>>, context: PeerContext) => Disposable
      : M extends SinkMember<infer P, infer T>
        ? (params: z.output<P>, context: PeerContext) => SinkReceiver<z.output<T>>
        : never

/** An implementation throws `FaultError` for expected failures; anything else crosses as `contract/internal`. */
export type Implementation<S extends Service> =
  S extends Service<infer M> ? { readonly [K in keyof M]: Impl<M[K]> } : never

/** Rejects with `FaultError`. */
export interface SinkWriter<T> {
  write(item: T): Promise<void>
  close(): Promise<void>
}

type ClientMember<M> =
  M extends CallMember<infer I, infer O>
    ? (input: z.input<I>, options?: { readonly signal?: AbortSignal }) => Promise<z.output<O>>
    : M extends StreamMember<infer P, infer T>
      ? (
          params: z.input<P>,
          onItem: (item: z.output<T>) => void | Promise<void>,
          onEnd?: (fault: Fault | null) => void,
        ) => Disposable
      : M extends SinkMember<infer P, infer T>
        ? (params: z.input<P>) => SinkWriter<z.input<T>>
        : never

export type Client<S extends Service> =
  S extends Service<infer M extends Members> ? { readonly [K in keyof M]: ClientMember<M[K]> } : never
