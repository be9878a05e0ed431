/** The one suite of the contract: what every transport must do, seen from the client, whatever lies between. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FaultError, type Fault } from '#core/result.ts'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { Client } from '#contract/rpc/types.ts'
import { probe, type ProbeCounts } from '#test/fakes/probe-service.ts'
import { eventually } from '#test/fakes/eventually.ts'

export interface Wire {
  /** The client's end; the other one is served with `probeServer`. */
  readonly transport: Transport
  /** The server goes away, in the way this transport knows. */
  readonly loseServer: () => void
  /** The server's own counts, where it lives in this process. */
  readonly counts?: ProbeCounts
  readonly dispose?: () => Promise<void>
}

const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
  const error: unknown = await promise.then(
    () => new Error('resolved, though it should have been refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof FaultError) return error.fault
  throw error
}

/** Items and the end of a stream, as a slow reader: each item waits for `next()`. */
function slowReader() {
  const items: number[] = []
  const releases: (() => void)[] = []
  return {
    items,
    onItem: (item: number) => {
      items.push(item)
      return new Promise<void>((resolve) => releases.push(resolve))
    },
    /** Lets every delivered item be acknowledged. */
    next: () => {
      for (const release of releases.splice(0)) release()
    },
  }
}

/** Runs the suite over the wires that `open` makes, one per test. */
export function contractSuite(name: string, open: () => Promise<Wire>): void {
  describe(`the contract over ${name}`, () => {
    let wire: Wire
    let connection: Connection
    let client: Client<typeof probe>

    beforeEach(async () => {
      wire = await open()
      connection = connect(wire.transport)
      client = connection.client(probe)
    })
    afterEach(async () => {
      connection[Symbol.dispose]()
      await wire.dispose?.()
    })

    /** Anything sent before has been handled by the server when this resolves. */
    const settle = async (): Promise<ProbeCounts> => client.counts()

    it('answers a call', async () => {
      await connection.ready
      expect(await client.add({ a: 2, b: 3 })).toBe(5)
    })

    it('keeps typed arrays, absent fields and null as they were', async () => {
      const value = {
        text: '示教 ✋',
        bytes: new Uint8Array([0, 255, 7]),
        floats: new Float64Array([Math.PI, Number.NaN, -0.5]),
        short: new Int16Array([-32768, 5]),
        none: null,
      }
      const echoed = await client.echo(value)
      expect(echoed.text).toBe(value.text)
      expect(Array.from(echoed.bytes)).toEqual([0, 255, 7])
      expect(echoed.floats).toEqual(value.floats)
      expect(echoed.short).toEqual(value.short)
      expect('maybe' in echoed).toBe(false)
      expect(echoed.none).toBeNull()
    })

    it('carries a message of several megabytes whole', async () => {
      const bytes = new Uint8Array(3_000_001).map((_, index) => index % 251)
      const echoed = await client.echo({
        text: '',
        bytes,
        floats: new Float64Array(0),
        short: new Int16Array(0),
        none: null,
      })
      expect(echoed.bytes.length).toBe(bytes.length)
      expect(echoed.bytes[2_999_999]).toBe(bytes[2_999_999])
    })

    it('validates on the server, whatever the client claims', async () => {
      const unchecked = client.add as (input: unknown) => Promise<unknown>
      const fault = await faultOf(unchecked({ a: 'two', b: 3 }))
      expect(fault.code).toBe('contract/invalid-request')
      expect(fault.message).toContain('probe.add')
    })

    it('refuses members and services that do not exist', async () => {
      const other = connection.client({ name: 'probe', members: { constructor: probe.members.add } })
      expect((await faultOf(other.constructor({ a: 1, b: 1 }))).code).toBe('contract/unknown-member')
      const elsewhere = connection.client({ name: 'nowhere', members: probe.members })
      expect((await faultOf(elsewhere.add({ a: 1, b: 1 }))).code).toBe('contract/unknown-member')
      const ended = await new Promise<Fault | null>((resolve) => {
        elsewhere.newest({ to: 1 }, () => undefined, resolve)
      })
      expect(ended?.code).toBe('contract/unknown-member')
      expect((await faultOf(elsewhere.collect({ isHeld: false }).write({ value: 1 }))).code).toBe(
        'contract/unknown-member',
      )
    })

    it('carries an expected failure as code, message and data', async () => {
      expect(await faultOf(client.refuse())).toEqual({
        code: 'bus/timeout',
        message: 'servo 3 is silent',
        data: { id: 3 },
      })
    })

    it('carries a bug as contract/internal, with its message and no stack', async () => {
      expect(await faultOf(client.crash())).toEqual({ code: 'contract/internal', message: 'a bug' })
    })

    it('cancels a call: the caller is told at once, and the server sees its signal abort', async () => {
      const abort = new AbortController()
      const waiting = client.wait(undefined, { signal: abort.signal })
      expect((await settle()).waiting).toBe(1)
      abort.abort()
      expect((await faultOf(waiting)).code).toBe('contract/cancelled')
      expect((await settle()).aborted).toBe(1)
    })

    it('does not send a call that was cancelled before', async () => {
      expect((await faultOf(client.wait(undefined, { signal: AbortSignal.abort() }))).code).toBe(
        'contract/cancelled',
      )
      expect((await settle()).waiting).toBe(0)
    })

    it('gives a slow reader of a latest-wins stream the newest item, and never a queue', async () => {
      const reader = slowReader()
      const subscription = client.newest({ to: 5000 }, reader.onItem)
      expect((await settle()).emitted).toBe(5001)
      expect(reader.items).toEqual([0])
      reader.next()
      await eventually(() => expect(reader.items).toEqual([0, 5000]))
      reader.next()
      await settle()
      expect(reader.items).toEqual([0, 5000])
      subscription[Symbol.dispose]()
      expect((await settle()).stopped).toBe(1)
    })

    it('hands over the last state of a latest-wins stream before its end', async () => {
      const items: number[] = []
      const fault = await new Promise<Fault | null>((resolve) => {
        client.newestThenEnd({ to: 9 }, (item) => void items.push(item), resolve)
      })
      expect(fault).toBeNull()
      expect(items).toEqual([0, 9])
    })

    it('makes the producer of a lossless stream wait, and loses nothing', async () => {
      const reader = slowReader()
      let isEnded = false
      client.every({ to: 199 }, reader.onItem, () => void (isEnded = true))
      await settle()
      const { emitted } = await settle()
      expect(emitted).toBeLessThan(64)
      await vi.waitFor(
        () => {
          reader.next()
          expect(isEnded).toBe(true)
        },
        { timeout: 20_000, interval: 1 },
      )
      expect(reader.items).toEqual(Array.from({ length: 200 }, (_, index) => index))
    })

    it('tells why a stream ended', async () => {
      const fault = await new Promise<Fault | null>((resolve) => {
        client.failing(undefined, () => undefined, resolve)
      })
      expect(fault).toEqual({ code: 'bus/closed', message: 'unplugged' })
    })

    it('stops delivering the moment a subscription is disposed', async () => {
      const items: number[] = []
      const subscription = client.every({ to: 1000 }, (item) => {
        items.push(item)
        if (item === 3) subscription[Symbol.dispose]()
      })
      await eventually(() => expect(items).toContain(3))
      await settle()
      expect(items).toEqual([0, 1, 2, 3])
      expect((await settle()).stopped).toBe(1)
    })

    it('resolves a write only when the server has taken the item', async () => {
      const sink = client.collect({ isHeld: true })
      let isTaken = false
      const write = sink.write({ value: 7 }).then(() => void (isTaken = true))
      await settle()
      await settle()
      expect(isTaken).toBe(false)
      await client.release()
      await write
      expect((await settle()).taken).toEqual([7])
    })

    it('takes items in order and finishes after the last', async () => {
      const sink = client.collect({ isHeld: false })
      await Promise.all([...[1, 2, 3, 4].map((value) => sink.write({ value })), sink.close()])
      const counts = await settle()
      expect(counts.taken).toEqual([1, 2, 3, 4])
      expect(counts.sinkEnds).toEqual(['finished'])
      expect((await faultOf(sink.write({ value: 5 }))).code).toBe('contract/closed')
    })

    it('ends a sink with the fault of its receiver, for this write and all later ones', async () => {
      const sink = client.collect({ isHeld: false })
      await sink.write({ value: 1 })
      expect((await faultOf(sink.write({ value: -1 }))).code).toBe('record/disk-full')
      expect((await faultOf(sink.write({ value: 2 }))).code).toBe('record/disk-full')
      expect(await settle()).toMatchObject({ taken: [1], sinkEnds: ['record/disk-full'] })
    })

    it('ends a sink on an item that does not fit its schema', async () => {
      const sink = client.collect({ isHeld: false })
      expect((await faultOf(sink.write({ value: 1.5 }))).code).toBe('contract/invalid-request')
    })

    it('settles every call, stream and sink when the server goes away', async () => {
      const reader: Fault[] = []
      const waiting = faultOf(client.wait())
      const stream = client.newest(
        { to: 1 },
        () => undefined,
        (fault) => fault && reader.push(fault),
      )
      const sink = client.collect({ isHeld: true })
      const write = faultOf(sink.write({ value: 1 }))
      await settle()
      let isClosed = false
      connection.onClose(() => void (isClosed = true))
      wire.loseServer()
      expect((await waiting).code).toBe('contract/closed')
      expect((await write).code).toBe('contract/closed')
      expect(reader.map((fault) => fault.code)).toEqual(['contract/closed'])
      expect(isClosed).toBe(true)
      expect((await faultOf(client.add({ a: 1, b: 1 }))).code).toBe('contract/closed')
      expect((await faultOf(sink.write({ value: 2 }))).code).toBe('contract/closed')
      stream[Symbol.dispose]()
    })

    it('frees everything on the server when the client goes away', async () => {
      void client.wait().catch(() => undefined)
      client.newest({ to: 1 }, () => undefined)
      void client
        .collect({ isHeld: true })
        .write({ value: 1 })
        .catch(() => undefined)
      await settle()
      connection[Symbol.dispose]()
      const { counts } = wire
      if (counts === undefined) return
      await eventually(() => {
        expect(counts.aborted).toBe(1)
        expect(counts.stopped).toBe(1)
        expect(counts.sinkEnds).toEqual(['contract/closed'])
      })
    })

    it('refuses the second use of an id that is still open', async () => {
      const answers: unknown[] = []
      const raw = await open()
      raw.transport.onMessage((message) => void answers.push(message))
      raw.transport.post({ t: 'call', s: 'probe', m: 'wait', id: 1 })
      raw.transport.post({ t: 'sub', s: 'probe', m: 'newest', id: 1, v: { to: 1 } })
      await eventually(() => expect(answers).toHaveLength(1))
      expect(answers[0]).toMatchObject({ t: 'err', id: 1, e: { code: 'contract/invalid-request' } })
      raw.transport.close()
      await raw.dispose?.()
    })

    it('ignores what is not a frame of the contract', async () => {
      const raw = await open()
      const answers: unknown[] = []
      raw.transport.onMessage((message) => void answers.push(message))
      for (const junk of [null, 7, 'hello', [], { t: 'nope' }, { t: 'call', id: -1 }, { t: 'ack', id: 'x' }])
        raw.transport.post(junk)
      raw.transport.post({ t: 'call', s: 'probe', m: 'add', id: 5, v: { a: 1, b: 1 } })
      await eventually(() => expect(answers).toEqual([{ t: 'ok', id: 5, v: 2 }]))
      raw.transport.close()
      await raw.dispose?.()
    })

    it('refuses a client of another protocol version, after saying its own', async () => {
      const raw = await open()
      const answers: unknown[] = []
      raw.transport.onMessage((message) => void answers.push(message))
      const closed = new Promise<void>((resolve) => raw.transport.onClose(resolve))
      raw.transport.post({ t: 'hello', v: 999 })
      await closed
      expect(answers).toMatchObject([{ t: 'hello' }])
      await raw.dispose?.()
    })
  })
}
