/** Channels of one mux do not see, close or starve one another. */
import { describe, expect, it } from 'vitest'
import { connect } from '#contract/rpc/connect.ts'
import { createMux } from '#contract/rpc/mux.ts'
import { serve } from '#contract/rpc/serve.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { probe, probeServer } from '#test/fakes/probe-service.ts'
import { eventually } from '#test/fakes/eventually.ts'

function muxPair() {
  const [near, far] = memoryPair()
  const gone: string[] = []
  const { bound, counts } = probeServer()
  const farMux = createMux(far, (peer, channel) => {
    serve([bound], channel, peer)
    channel.onClose(() => gone.push(peer))
  })
  return { nearMux: createMux(near), farMux, gone, counts, near }
}

describe('a mux', () => {
  it('tells the server who asks, by the channel', async () => {
    const { nearMux } = muxPair()
    const [a, b] = ['page-1', 'page-2'].map((name) => connect(nearMux.open(name)).client(probe))
    expect(await a?.peer()).toBe('page-1')
    expect(await b?.peer()).toBe('page-2')
  })

  it('ends only the channel that is closed', async () => {
    const { nearMux, gone, counts } = muxPair()
    const first = connect(nearMux.open('page-1'))
    const second = connect(nearMux.open('page-2')).client(probe)
    first.client(probe).newest({ to: 1 }, () => undefined)
    second.newest({ to: 1 }, () => undefined)
    await second.add({ a: 0, b: 0 })
    first[Symbol.dispose]()
    await eventually(() => expect(gone).toEqual(['page-1']))
    expect(counts.stopped).toBe(1)
    expect(await second.add({ a: 1, b: 1 })).toBe(2)
  })

  it('lets one channel flow while the reader of another does not', async () => {
    const { nearMux } = muxPair()
    const stuck = connect(nearMux.open('stuck')).client(probe)
    stuck.every({ to: 100_000 }, () => new Promise(() => undefined))
    const free = connect(nearMux.open('free')).client(probe)
    const items: number[] = []
    await new Promise((resolve) => free.every({ to: 500 }, (item) => void items.push(item), resolve))
    expect(items).toHaveLength(501)
  })

  it('can open a name again after it was closed', async () => {
    const { nearMux } = muxPair()
    connect(nearMux.open('page-1'))[Symbol.dispose]()
    expect(await connect(nearMux.open('page-1')).client(probe).peer()).toBe('page-1')
  })

  it('closes every channel at both ends when it is disposed', async () => {
    const { nearMux, farMux, gone } = muxPair()
    const closed: string[] = []
    for (const name of ['page-1', 'page-2']) nearMux.open(name).onClose(() => closed.push(name))
    await eventually(() => expect(gone).toEqual([]))
    farMux[Symbol.dispose]()
    await eventually(() => expect(closed).toEqual(['page-1', 'page-2']))
    expect(gone).toEqual(['page-1', 'page-2'])
  })

  it('closes every channel when the transport below is gone', () => {
    const { nearMux, near } = muxPair()
    let isClosed = false
    nearMux.open('page-1').onClose(() => void (isClosed = true))
    near.close()
    expect(isClosed).toBe(true)
  })

  it('refuses channels where nobody listens for them', async () => {
    const { farMux } = muxPair()
    const isClosed = new Promise<void>((resolve) => farMux.open('backwards').onClose(resolve))
    await isClosed
  })
})
