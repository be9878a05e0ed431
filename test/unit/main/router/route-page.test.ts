/** The router between a page and hosts that come and go. */
import { beforeEach, describe, expect, it } from 'vitest'
import { FaultError, type Fault } from '#core/result.ts'
import { connect, type Connection } from '#contract/rpc/connect.ts'
import { serve } from '#contract/rpc/serve.ts'
import type { Service } from '#contract/rpc/define.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { routePage, type Target } from '#main/router/route-page.ts'
import { probe, probeServer, type ProbeCounts } from '#test/fakes/probe-service.ts'
import { eventually } from '#test/fakes/eventually.ts'

/** The probe's members under the name of a service that has a route. */
const as = (name: string): Service<typeof probe.members> => ({ name, members: probe.members })
const [rig, library, shell] = [as('rig'), as('library'), as('shell')]

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof FaultError ? error.fault.code : error),
  )

describe('the router', () => {
  const down = new Set<Target>()
  const channels = new Map<Target, Transport>()
  const counts = new Map<Target, ProbeCounts>()
  let page: Connection
  let pageEnd: Transport

  beforeEach(() => {
    down.clear()
    channels.clear()
    counts.clear()
    const [near, far] = memoryPair()
    pageEnd = near
    routePage(far, 'page-7', (target, peer) => {
      if (down.has(target)) return null
      const [toHost, hostEnd] = memoryPair()
      const { bound, counts: hostCounts } = probeServer()
      const name = target === 'main' ? 'shell' : target
      serve([{ service: as(name), methods: bound.methods }], hostEnd, peer)
      channels.set(target, hostEnd)
      counts.set(target, hostCounts)
      return toHost
    })
    page = connect(near)
  })

  it('sends each call to the process that serves it, under the page’s name, on one channel', async () => {
    expect(await page.client(rig).peer()).toBe('page-7')
    expect(await page.client(library).add({ a: 1, b: 2 })).toBe(3)
    await page.client(rig).add({ a: 1, b: 2 })
    expect([...channels.keys()].toSorted()).toEqual(['library', 'rig'])
  })

  it('serves main’s own service without a host', async () => {
    expect(await page.client(shell).peer()).toBe('page-7')
  })

  it.each(['host', 'policyRunner', 'control', 'nowhere', 'constructor', '__proto__'])(
    'knows no service %s',
    async (name) => {
      expect(await codeOf(page.client(as(name)).add({ a: 1, b: 2 }))).toBe('contract/unknown-member')
      expect(channels.size).toBe(0)
    },
  )

  it('refuses what goes to a host that is down, and says which', async () => {
    down.add('rig')
    const fault = await page
      .client(rig)
      .add({ a: 1, b: 2 })
      .catch((error: unknown) => (error as FaultError).fault)
    expect(fault).toMatchObject({ code: 'shell/host-down', data: { host: 'rig' } })
    const ended = await new Promise<Fault | null>((resolve) => {
      page.client(rig).newest({ to: 1 }, () => undefined, resolve)
    })
    expect(ended?.code).toBe('shell/host-down')
    expect(await codeOf(page.client(rig).collect({ isHeld: false }).write({ value: 1 }))).toBe(
      'shell/host-down',
    )
  })

  it('ends everything open on a host that dies, nothing on the others, and works with the next life', async () => {
    const ends: string[] = []
    const call = codeOf(page.client(rig).wait())
    page.client(rig).newest(
      { to: 1 },
      () => undefined,
      (fault) => void ends.push(`rig ${fault?.code ?? ''}`),
    )
    page.client(library).newest(
      { to: 1 },
      () => undefined,
      () => void ends.push('library'),
    )
    const write = codeOf(page.client(rig).collect({ isHeld: true }).write({ value: 1 }))
    await page.client(library).add({ a: 1, b: 2 })
    await page.client(rig).counts()
    channels.get('rig')?.close()
    expect(await call).toBe('shell/host-down')
    expect(await write).toBe('shell/host-down')
    expect(ends).toEqual(['rig shell/host-down'])
    expect(await page.client(rig).add({ a: 1, b: 2 })).toBe(3)
  })

  it('relays acknowledgements, so that lossless streams flow through it', async () => {
    const items: number[] = []
    await new Promise((resolve) => {
      page.client(rig).every({ to: 300 }, (item) => void items.push(item), resolve)
    })
    expect(items).toHaveLength(301)
  })

  it('relays cancelling and the end of subscriptions', async () => {
    const abort = new AbortController()
    const call = codeOf(page.client(rig).wait(undefined, { signal: abort.signal }))
    const subscription = page.client(rig).newest({ to: 1 }, () => undefined)
    await page.client(rig).counts()
    abort.abort()
    subscription[Symbol.dispose]()
    expect(await call).toBe('contract/cancelled')
    expect(await page.client(rig).counts()).toMatchObject({ aborted: 1, stopped: 1 })
  })

  it('lets hosts know at once that the page is gone', async () => {
    void codeOf(page.client(rig).wait())
    page.client(rig).newest({ to: 1 }, () => undefined)
    await page.client(rig).counts()
    pageEnd.close()
    await eventually(() => expect(counts.get('rig')).toMatchObject({ aborted: 1, stopped: 1 }))
  })

  it('greets the page by itself and turns away another version', async () => {
    await page.ready
    expect(channels.size).toBe(0)
    const [near, far] = memoryPair()
    routePage(far, 'page-8', () => null)
    const closed = new Promise<void>((resolve) => near.onClose(resolve))
    near.post({ t: 'hello', v: 999 })
    await closed
  })

  it('ignores what a page may not send', async () => {
    for (const junk of [
      null,
      { t: 'ok', id: 1 },
      { t: 'item', id: 1, v: 1 },
      { t: 'call', s: 1, m: 2, id: 3 },
    ])
      pageEnd.post(junk)
    expect(await page.client(rig).add({ a: 1, b: 2 })).toBe(3)
  })
})
