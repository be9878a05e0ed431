/** A service with one member of every kind and a server that counts what happens to it, for the suite that every transport must pass. */
import { z } from 'zod'
import { FaultError } from '#core/result.ts'
import { call, defineService, sink, stream } from '#contract/rpc/define.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { nothing } from '#contract/services/common.ts'

const payload = z.object({
  text: z.string(),
  bytes: z.instanceof(Uint8Array),
  floats: z.instanceof(Float64Array),
  short: z.instanceof(Int16Array),
  maybe: z.number().optional(),
  none: z.null(),
})

export const probeCounts = z.object({
  waiting: z.number(),
  aborted: z.number(),
  emitted: z.number(),
  stopped: z.number(),
  taken: z.array(z.number()),
  sinkEnds: z.array(z.string()),
})

export const probe = defineService('probe', {
  add: call(z.object({ a: z.number(), b: z.number() }), z.number()),
  echo: call(payload, payload),
  refuse: call(nothing, nothing),
  crash: call(nothing, nothing),
  wait: call(nothing, nothing),
  counts: call(nothing, probeCounts),
  release: call(nothing, nothing),
  peer: call(nothing, z.string()),
  /** Emits 0…to at once, then stays. */
  newest: stream(z.object({ to: z.number().int() }), z.number(), 'latest'),
  /** Emits 0…to at once, then ends. */
  newestThenEnd: stream(z.object({ to: z.number().int() }), z.number(), 'latest'),
  /** Emits 0…to, each when there is room, then ends. */
  every: stream(z.object({ to: z.number().int() }), z.number(), 'lossless'),
  failing: stream(nothing, z.number(), 'latest'),
  /** Holds each item until `release`. */
  collect: sink(z.object({ isHeld: z.boolean() }), z.object({ value: z.number().int() })),
})

export type ProbeCounts = z.infer<typeof probeCounts>

export function probeServer(): { readonly bound: BoundService; readonly counts: ProbeCounts } {
  const counts: ProbeCounts = { waiting: 0, aborted: 0, emitted: 0, stopped: 0, taken: [], sinkEnds: [] }
  const held: (() => void)[] = []
  const stopping = { [Symbol.dispose]: () => void (counts.stopped += 1) }
  const bound = implement(probe, {
    add: async ({ a, b }) => a + b,
    echo: async (value) => value,
    refuse: async () => {
      throw new FaultError({ code: 'bus/timeout', message: 'servo 3 is silent', data: { id: 3 } })
    },
    crash: async () => {
      throw new TypeError('a bug')
    },
    wait: (_input, { signal }) =>
      new Promise((resolve) => {
        counts.waiting += 1
        signal.addEventListener('abort', () => {
          counts.aborted += 1
          resolve()
        })
      }),
    counts: async () => counts,
    release: async () => {
      for (const resume of held.splice(0)) resume()
    },
    peer: async (_input, { peer }) => peer,
    newest: ({ to }, emitter) => {
      for (let item = 0; item <= to; item++) void emitter.emit(item)
      counts.emitted += to + 1
      return stopping
    },
    newestThenEnd: ({ to }, emitter) => {
      for (let item = 0; item <= to; item++) void emitter.emit(item)
      emitter.end()
      return stopping
    },
    every: ({ to }, emitter, { signal }) => {
      const run = async (): Promise<void> => {
        for (let item = 0; item <= to && !signal.aborted; item++) {
          await emitter.emit(item)
          counts.emitted += 1
        }
        emitter.end()
      }
      void run()
      return stopping
    },
    failing: (_params, emitter) => {
      emitter.end({ code: 'bus/closed', message: 'unplugged' })
      return stopping
    },
    collect: ({ isHeld }) => ({
      take: async ({ value }) => {
        if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
        if (value < 0) throw new FaultError({ code: 'record/disk-full', message: 'no room' })
        counts.taken.push(value)
      },
      end: (fault) => void counts.sinkEnds.push(fault?.code ?? 'finished'),
    }),
  })
  return { bound, counts }
}
