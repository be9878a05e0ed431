/** The version handshake from the client's side; the server's side is in the transport suite. */
import { describe, expect, it } from 'vitest'
import { FaultError } from '#core/result.ts'
import { connect } from '#contract/rpc/connect.ts'
import { protocolVersion } from '#contract/rpc/wire.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { probe } from '#test/fakes/probe-service.ts'

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof FaultError ? error.fault.code : error),
  )

describe('the version handshake', () => {
  it('is ready when both ends speak the same version', async () => {
    const [near, far] = memoryPair()
    far.onMessage(() => far.post({ t: 'hello', v: protocolVersion }))
    expect(await reasonOf(connect(near).ready)).toBe('resolved')
  })

  it('closes on another version, and every call settles', async () => {
    const [near, far] = memoryPair()
    far.onMessage(() => far.post({ t: 'hello', v: protocolVersion + 1 }))
    const connection = connect(near)
    const call = reasonOf(connection.client(probe).add({ a: 1, b: 2 }))
    expect(await reasonOf(connection.ready)).toBe('contract/version-mismatch')
    expect(await call).toBe('contract/closed')
  })

  it('is closed, not ready, when the other end goes before it answers', async () => {
    const [near, far] = memoryPair()
    const connection = connect(near)
    far.close()
    expect(await reasonOf(connection.ready)).toBe('contract/closed')
  })

  it('reads a code that this side does not know as contract/internal', async () => {
    const [near, far] = memoryPair()
    far.onMessage((message) => {
      if ((message as { t: string }).t === 'call')
        far.post({ t: 'err', id: 1, e: { code: 'made/up', message: 'x' } })
    })
    const answer = connect(near).client(probe).add({ a: 1, b: 2 })
    expect(await reasonOf(answer)).toBe('contract/internal')
  })
})
