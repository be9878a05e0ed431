// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { portMessages } from '#contract/page-port.ts'
import { openWire } from '#renderer/app/transport.ts'
import { eventually } from '#test/fakes/eventually.ts'

const at = (url: string): void => {
  const { protocol, origin, href } = new URL(url)
  vi.stubGlobal('location', { protocol, origin, href })
}

afterEach(() => vi.unstubAllGlobals())

describe('openWire', () => {
  it('is a WebSocket of the page’s own origin in a browser', async () => {
    at('http://127.0.0.1:4000/?x=1')
    expect(await openWire()).toEqual({ kind: 'ws', url: 'ws://127.0.0.1:4000/contract' })
    at('https://lab.example/')
    expect(await openWire()).toEqual({ kind: 'ws', url: 'wss://lab.example/contract' })
  })

  it('asks the preload for one port after another in a window, and takes none that it did not ask for', async () => {
    at('app://foresight/index.html')
    let asked = 0
    vi.spyOn(window, 'postMessage').mockImplementation(() => {
      asked += 1
    })
    const answer = (source: unknown): MessagePort => {
      const { port1 } = new MessageChannel()
      const event = new MessageEvent('message', { data: { kind: portMessages.port } })
      Object.defineProperties(event, { source: { value: source }, ports: { value: [port1] } })
      window.dispatchEvent(event)
      return port1
    }
    const first = openWire()
    const second = openWire()
    await eventually(() => expect(asked).toBe(1))
    answer({ other: 'frame' })
    const port1 = answer(window)
    expect(await first).toEqual({ kind: 'port', port: port1 })
    await eventually(() => expect(asked).toBe(2))
    const port2 = answer(window)
    expect(await second).toEqual({ kind: 'port', port: port2 })
    expect(port2).not.toBe(port1)
  })
})
