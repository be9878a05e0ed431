import { describe, expect, it } from 'vitest'
import type { WireMap } from '#core/policy/openpi/wire-value.ts'
import { ok, unwrap, type Fault } from '#core/result.ts'
import { ServerConnection } from '#host/policy/remote/server-connection.ts'
import type { ServerLink } from '#host/policy/remote/server-link.ts'
import { ManualTimers, settle } from '#test/fakes/manual-timers.ts'

const gone: Fault = { code: 'policy/remote-unreachable', message: 'gone' }

class FakeLink implements ServerLink {
  readonly metadata: WireMap
  readonly closed: Promise<Fault>
  isDisposed = false
  die: () => void = () => undefined

  constructor(metadata: WireMap) {
    this.metadata = metadata
    this.closed = new Promise((resolve) => {
      this.die = () => resolve(gone)
    })
  }

  ask() {
    return Promise.resolve(ok({ link: 'answers' }))
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
    this.die()
  }
}

function rig() {
  const timers = new ManualTimers()
  const links: FakeLink[] = []
  const attemptsMs: number[] = []
  const server = { isUp: true, metadata: {} as WireMap }
  const connect = () =>
    ServerConnection.connect(
      {
        address: 'ws://far:8000',
        apiKey: null,
        connectTimeoutMs: 5000,
        later: (act, delayMs) => timers.after(delayMs, act),
      },
      () => {
        attemptsMs.push(timers.nowMs())
        if (!server.isUp) return Promise.resolve({ ok: false, error: gone })
        const link = new FakeLink(server.metadata)
        links.push(link)
        return Promise.resolve(ok(link))
      },
    )
  return { timers, links, attemptsMs, server, connect }
}

describe('a connection to a policy server', () => {
  it('is not waited for when the server is not there at the start', async () => {
    const { server, connect, timers } = rig()
    server.isUp = false
    expect(await connect()).toEqual({ ok: false, error: gone })
    expect(timers.waiting).toBe(0)
  })

  it('is made again after half a second, then ever later, at most every ten seconds', async () => {
    const { timers, links, attemptsMs, server, connect } = rig()
    using connection = unwrap(await connect())
    server.isUp = false
    links[0]?.die()
    await settle()
    for (let passed = 0; passed < 40_000; passed += 500) {
      timers.advance(500)
      await settle()
    }
    expect(attemptsMs.slice(1)).toEqual([500, 1500, 3500, 7500, 15_500, 25_500, 35_500])
    expect(await connection.ask(new Uint8Array(0), 1)).toMatchObject({
      ok: false,
      error: { code: gone.code },
    })
    server.isUp = true
    timers.advance(10_000)
    await settle()
    expect(await connection.ask(new Uint8Array(0), 1)).toEqual(ok({ link: 'answers' }))
  })

  it('is patient anew after each success', async () => {
    const { timers, links, attemptsMs, connect } = rig()
    using _connection = unwrap(await connect())
    for (let death = 0; death < 3; death++) {
      links.at(-1)?.die()
      await settle()
      timers.advance(500)
      await settle()
    }
    expect(attemptsMs).toEqual([0, 500, 1000, 1500])
  })

  it('tells once that another server answers at the address, and does not ask it', async () => {
    const { timers, links, server, connect } = rig()
    server.metadata = { model: 'a' }
    using connection = unwrap(await connect())
    server.metadata = { model: 'b' }
    links[0]?.die()
    await settle()
    timers.advance(500)
    expect(await connection.changed).toMatchObject({ code: 'policy/remote-protocol' })
    expect(links[1]?.isDisposed).toBe(true)
    expect(timers.waiting).toBe(0)
    expect((await connection.ask(new Uint8Array(0), 1)).ok).toBe(false)
  })

  it('stays closed once it was closed', async () => {
    const { timers, links, connect } = rig()
    const connection = unwrap(await connect())
    connection[Symbol.dispose]()
    await settle()
    expect(links[0]?.isDisposed).toBe(true)
    expect(timers.waiting).toBe(0)
  })
})
