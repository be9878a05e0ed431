/** The headless front door over real HTTP: who is let in, with what headers, and who is not. */
import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startPageServer, type PageServer } from '#main/headless/page-server.ts'
import { createDoor } from '#main/security/door.ts'
import { cookieFrom } from '#test/fakes/page-client.ts'

const door = createDoor()
let server: PageServer
let pages = 0

beforeAll(async () => {
  server = await startPageServer({
    pageDir: join(import.meta.dirname, 'page'),
    port: 0,
    door,
    onPage: () => void (pages += 1),
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const base = (): string => `http://127.0.0.1:${server.port}`
const link = (): string => `${base()}/?token=${door.token(false)}`
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${base()}${path}`, { headers, redirect: 'manual' })

/** `fetch` sets Host itself; this does not. */
const statusFor = async (path: string, headers: Record<string, string>): Promise<number> => {
  const sent = request({ host: '127.0.0.1', port: server.port, path, headers }).end()
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }]
  response.resume()
  return response.statusCode
}

/** Status with which an upgrade is refused, or 101. */
async function upgrade(headers: Record<string, string>, path = '/contract'): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
  socket.on('error', () => undefined)
  const status = await new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
  })
  socket.terminate()
  return status
}

describe('the address with the token', () => {
  it('gives a session cookie that scripts and other sites cannot use, and leads to an address without the token', async () => {
    const response = await get(new URL(link()).search.replace(/^/u, '/'))
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/')
    expect(response.headers.get('set-cookie')).toMatch(
      /^foresight-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/u,
    )
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('works once; the second browser is told how to get another', async () => {
    const used = link()
    await cookieFrom(used)
    const response = await fetch(used, { redirect: 'manual' })
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('foresight address')
  })

  it('leads the browser that used it to the page when it is opened again', async () => {
    const used = link()
    const cookie = await cookieFrom(used)
    expect((await fetch(used, { redirect: 'manual', headers: { cookie } })).status).toBe(303)
  })
})

describe('the page', () => {
  it('is there for a session, fenced in by the content policy', async () => {
    const cookie = await cookieFrom(link())
    const response = await get('/', { cookie })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>page</title>')
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain(`default-src 'self'`)
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`)
    expect(policy).toContain(`worker-src 'self' blob:`)
    expect(policy).not.toContain('unsafe-inline')
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('keeps files with a hash in their name cached, privately', async () => {
    const cookie = await cookieFrom(link())
    const response = await get('/assets/app-abcd1234.js', { cookie })
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-type')).toContain('javascript')
  })

  it('is not there without a session, nor with a made-up one', async () => {
    expect((await get('/')).status).toBe(401)
    expect((await get('/assets/app-abcd1234.js')).status).toBe(401)
    expect((await get('/', { cookie: `foresight-${server.port}=guess` })).status).toBe(401)
  })

  it('gives no file outside its folder', async () => {
    const cookie = await cookieFrom(link())
    for (const path of [
      '/../headless.test.ts',
      '/%2e%2e/headless.test.ts',
      '/..%2fheadless.test.ts',
      '//etc/passwd',
    ])
      expect(await statusFor(path, { cookie, host: `127.0.0.1:${server.port}` })).toBe(404)
  })

  it('answers no other host, origin or method', async () => {
    const cookie = await cookieFrom(link())
    expect(await statusFor('/', { cookie, host: 'rebound.example' })).toBe(403)
    expect((await get('/', { cookie, origin: 'https://evil.example' })).status).toBe(403)
    expect((await fetch(base(), { method: 'POST', headers: { cookie } })).status).toBe(405)
  })
})

describe('the contract socket', () => {
  it('opens for the page with its cookie, as often as it likes', async () => {
    const cookie = await cookieFrom(link())
    const before = pages
    expect(await upgrade({ cookie, origin: base() })).toBe(101)
    expect(await upgrade({ cookie, origin: base() })).toBe(101)
    expect(pages - before).toBe(2)
  })

  it('stays shut without cookie, for another origin, another host, another path', async () => {
    const cookie = await cookieFrom(link())
    const before = pages
    expect(await upgrade({ origin: base() })).toBe(401)
    expect(await upgrade({ cookie })).toBe(403)
    expect(await upgrade({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await upgrade({ cookie, origin: `http://localhost:${server.port}` })).toBe(403)
    expect(await upgrade({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403)
    expect(await upgrade({ cookie, origin: base() }, '/other')).toBe(404)
    expect(pages).toBe(before)
  })
})
