/** The preload passes ports on, and only to the page that asked. */
import { ipcRenderer } from 'electron'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { portChannel, portMessages } from '#contract/page-port.ts'
import type * as fake from '#test/fakes/electron.ts'

const renderer = ipcRenderer as unknown as typeof fake.ipcRenderer
const listeners: ((event: { source: unknown; data: unknown }) => void)[] = []
const posted: unknown[][] = []
const page = {
  location: { origin: 'app://foresight' },
  addEventListener: (_type: string, listener: (typeof listeners)[number]) => void listeners.push(listener),
  postMessage: (...args: unknown[]) => void posted.push(args),
}

beforeAll(async () => {
  vi.stubGlobal('window', page)
  await import('../../../src/preload/preload.ts')
})

describe('the preload', () => {
  const asked = vi.fn()
  const say = (source: unknown, data: unknown): void =>
    listeners.forEach((listener) => listener({ source, data }))

  it('asks main once for each request of the page, and for nothing else', () => {
    renderer.send = asked
    say(page, { kind: portMessages.request })
    say({}, { kind: portMessages.request })
    say(page, { kind: 'something' })
    say(page, null)
    expect(asked.mock.calls).toEqual([[portChannel]])
  })

  it('hands the port to its own origin only', () => {
    const port = {}
    renderer.emit(portChannel, { ports: [port] })
    expect(posted).toEqual([[{ kind: portMessages.port }, 'app://foresight', [port]]])
  })
})
