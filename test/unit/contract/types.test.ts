/** What the compiler must refuse. Each wrong use carries its expectation; `tsc` fails when one of them compiles. */
import { expect, expectTypeOf, it } from 'vitest'
import { connect } from '#contract/rpc/connect.ts'
import { implement } from '#contract/rpc/serve.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { probe, probeServer } from '#test/fakes/probe-service.ts'
import type { Client } from '#contract/rpc/types.ts'

const client: Client<typeof probe> = connect(memoryPair()[0]).client(probe)

/** Compiled, never run. */
export function wrongClients(): void {
  // @ts-expect-error: a field is missing
  void client.add({ a: 1 })
  // @ts-expect-error: a field has another type
  void client.add({ a: 1, b: '2' })
  // @ts-expect-error: no such member
  void client.subtract({ a: 1, b: 2 })
  // @ts-expect-error: a stream needs a listener
  client.newest({ to: 1 })
  // @ts-expect-error: the item is a number
  client.newest({ to: 1 }, (item: string) => void item)
  // @ts-expect-error: a sink takes what its schema says
  void client.collect({ isHeld: true }).write({ value: 'x' })
}

/** Compiled, never run. */
export function wrongServers(): void {
  const right = {} as Parameters<typeof implement<typeof probe.members>>[1]
  // @ts-expect-error: every member must be there
  implement(probe, { add: right.add })
  // @ts-expect-error: the answer has another type
  implement(probe, { ...right, add: async () => 'five' })
  // @ts-expect-error: a stream gives back what stops it
  implement(probe, { ...right, newest: () => undefined })
}

it('gives clients the types of the schemas', () => {
  expectTypeOf(client.add).returns.resolves.toEqualTypeOf<number>()
  expectTypeOf(client.newest).parameter(0).toEqualTypeOf<{ to: number }>()
  type Written = Parameters<ReturnType<typeof client.collect>['write']>
  expectTypeOf<Written>().toEqualTypeOf<[{ value: number }]>()
  expect(probeServer().bound.service.name).toBe('probe')
})
