import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { float32Array, uint8Array } from '#core/policy/openpi/array-values.ts'
import { encodeWire } from '#core/policy/openpi/wire-codec.ts'
import { unwrap } from '#core/result.ts'
import { addressless } from './policy-server-client.ts'
import { startPolicyServer, type PolicyServer } from '#host/policy/remote/serve/policy-server.ts'
import { sessionsOf } from '#host/policy/remote/serve/serve-policy.ts'
import { FakePolicy, serveOptions } from './fake-served.ts'

const left: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of left.splice(0)) await one[Symbol.asyncDispose]()
})

async function serve(token: string | null = null, policy = new FakePolicy()) {
  const notes: string[] = []
  const server: PolicyServer = await startPolicyServer({
    host: '127.0.0.1',
    port: 0,
    token,
    session: unwrap(sessionsOf(serveOptions(policy))),
    note: (text) => void notes.push(text),
  })
  left.push(server)
  return { address: `127.0.0.1:${server.port}`, notes, policy }
}

const open = (address: string, headers: Record<string, string> = {}): WebSocket =>
  new WebSocket(`ws://${address}`, { headers })

/** The first thing a connection comes to: its greeting, or the HTTP status it was refused with. */
async function firstOf(socket: WebSocket): Promise<string | number> {
  return new Promise((resolve) => {
    socket.on('message', () => resolve('greeting'))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}

const question = encodeWire(
  {
    'observation/images/head': uint8Array(new Uint8Array(192), [8, 8, 3]),
    'observation/images/left': uint8Array(new Uint8Array(192), [8, 8, 3]),
    'observation/state': float32Array([0, 0, 0, 0], [4]),
    prompt: '',
  },
  openpiArrays,
)

describe('the policy server', () => {
  it('says that it is well, without a token, and nothing else over HTTP', async () => {
    const { address } = await serve('sesame')
    const health = await fetch(`http://${address}/healthz`)
    expect([health.status, await health.text()]).toEqual([200, 'OK\n'])
    expect((await fetch(`http://${address}/`)).status).toBe(426)
  })

  it('survives an address that is none', async () => {
    const { address } = await serve('sesame')
    expect(await addressless(address)).toMatch(/^HTTP\/1.1 4/)
    expect((await fetch(`http://${address}/healthz`)).status).toBe(200)
  })

  it('lets in whoever has the token, as openpi’s clients send it, as a bearer, or in the address', async () => {
    const { address } = await serve('sesame')
    expect(await firstOf(open(address))).toBe(401)
    expect(await firstOf(open(address, { Authorization: 'Api-Key wrong' }))).toBe(401)
    expect(await firstOf(open(address, { Authorization: 'Api-Key sesame' }))).toBe('greeting')
    expect(await firstOf(open(address, { Authorization: 'Bearer sesame' }))).toBe('greeting')
    expect(await firstOf(open(`${address}/?token=sesame`))).toBe('greeting')
  })

  it('never lets a web page in', async () => {
    const { address } = await serve()
    expect(await firstOf(open(address, { Origin: 'https://example.org' }))).toBe(403)
  })

  it('answers several clients one after the other', async () => {
    const policy = new FakePolicy()
    let running = 0
    let most = 0
    policy.next = async (observation) => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return { ok: true, value: policy.chunk(observation) }
    }
    const { address } = await serve(null, policy)
    const clients = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = open(address)
        await once(socket, 'message')
        return socket
      }),
    )
    const answers = clients.map((socket) => once(socket, 'message'))
    for (const socket of clients) socket.send(question)
    await Promise.all(answers)
    expect(policy.seen).toHaveLength(3)
    expect(most).toBe(1)
  })

  it('does not compute for a client that left before its turn', async () => {
    const policy = new FakePolicy()
    const waiting: (() => void)[] = []
    policy.next = async (observation) => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return { ok: true, value: policy.chunk(observation) }
    }
    const { address, notes } = await serve(null, policy)
    const [one, two] = [open(address), open(address)]
    await Promise.all([once(one, 'message'), once(two, 'message')])
    const answer = once(one, 'message')
    one.send(question)
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))
    two.send(question)
    two.terminate()
    while (!notes.some((note) => note.includes('is gone')))
      await new Promise((resolve) => setImmediate(resolve))
    waiting[0]?.()
    await answer
    expect(policy.seen).toHaveLength(1)
  })

  it('notes who came, what was refused and who left', async () => {
    const { address, notes } = await serve()
    const socket = open(address)
    await once(socket, 'message')
    socket.send('hello')
    await once(socket, 'close')
    while (notes.length < 3) await new Promise((resolve) => setImmediate(resolve))
    expect(notes.map((note) => note.replace(/^\S+ /, ''))).toEqual([
      'is connected',
      'policy/remote-protocol: not a message of openpi: a text where an observation should be',
      'is gone after 0 answers',
    ])
  })
})

describe('a client that goes on after an error', () => {
  it('is not computed for: its connection is over', async () => {
    const { address, policy } = await serve()
    const socket = open(address)
    await once(socket, 'message')
    const closed = once(socket, 'close')
    socket.send(encodeWire({ prompt: '' }, openpiArrays))
    socket.send(question)
    await closed
    expect(policy.seen).toHaveLength(0)
  })
})
