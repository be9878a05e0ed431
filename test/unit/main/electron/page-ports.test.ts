/** The contract through Electron's IPC: the whole transport suite over a port that main handed to a frame, and who gets none. */
import { ipcMain, type MessageChannelMain } from 'electron'
import { beforeEach, describe, expect, it } from 'vitest'
import { portChannel } from '#contract/page-port.ts'
import { serve } from '#contract/rpc/serve.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { offerPagePorts } from '#main/electron/page-ports.ts'
import { probeServer } from '#test/fakes/probe-service.ts'
import { contractSuite } from '../../contract/transport-suite.ts'

type Port = MessageChannelMain['port2']

interface Frame {
  readonly url: string
  readonly parent: object | null
  readonly sent: { readonly channel: string; readonly ports: readonly Port[] }[]
  postMessage(channel: string, message: unknown, ports: readonly Port[]): void
}

function frameAt(url: string, parent: object | null = null): Frame {
  const sent: Frame['sent'] = []
  return { url, parent, sent, postMessage: (channel, _message, ports) => void sent.push({ channel, ports }) }
}

const ask = (senderFrame: Frame | null): void => void ipcMain.emit(portChannel, { senderFrame })

contractSuite('Electron’s IPC', async () => {
  ipcMain.removeAllListeners()
  const { bound, counts } = probeServer()
  const pages: Transport[] = []
  offerPagePorts(
    (page) => {
      pages.push(page)
      serve([bound], page, 'page-1')
    },
    () => undefined,
  )
  const frame = frameAt('app://foresight/')
  ask(frame)
  const port = frame.sent[0]?.ports[0]
  if (port === undefined) throw new Error('no port was handed over')
  return { transport: messagePortTransport(port), loseServer: () => pages[0]?.close(), counts }
})

describe('a frame that asks for a port', () => {
  const pages: Transport[] = []
  const refused: string[] = []
  beforeEach(() => {
    ipcMain.removeAllListeners()
    pages.length = 0
    refused.length = 0
    offerPagePorts(
      (page) => void pages.push(page),
      (url) => void refused.push(url),
    )
  })

  it('gets a port of its own for each asking, so that a worker can have one too', () => {
    const frame = frameAt('app://foresight/index.html')
    ask(frame)
    ask(frame)
    expect(frame.sent.map(({ channel }) => channel)).toEqual([portChannel, portChannel])
    expect(frame.sent[0]?.ports[0]).not.toBe(frame.sent[1]?.ports[0])
    expect(pages).toHaveLength(2)
  })

  it.each([
    ['of another origin', frameAt('https://example.com/')],
    ['of a look-alike origin', frameAt('app://foresight.evil/')],
    ['inside our page', frameAt('app://foresight/', {})],
    ['that is gone', null],
  ])('gets none when it is a frame %s', (_case, frame) => {
    ask(frame)
    expect(frame?.sent ?? []).toEqual([])
    expect(pages).toEqual([])
    expect(refused).toHaveLength(1)
  })
})
