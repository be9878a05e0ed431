/** DNS rebinding and cross-site requests, by their headers. */
import { describe, expect, it } from 'vitest'
import { cookieOf, mayConnect, mayRead } from '#main/security/request-guard.ts'

describe('a request for the page', () => {
  it.each([
    '127.0.0.1:45120',
    'localhost:45120',
    'LOCALHOST:1',
    '[::1]:8080',
    '127.0.0.1',
    // Through `ssh -L 9000:127.0.0.1:45120` the browser names the tunnel's port.
    'localhost:9000',
  ])('is answered at %s', (host) => {
    expect(mayRead({ host })).toBe(true)
  })

  it.each([
    undefined,
    '',
    'rebound.example:45120',
    'localhost.evil.example',
    '127.0.0.1.evil.example:45120',
    'evil.example#127.0.0.1',
    '127.0.0.1:45120@evil.example',
    '0.0.0.0:45120',
    '192.168.1.5:45120',
  ])('is refused for the host %s', (host) => {
    expect(mayRead(host === undefined ? {} : { host })).toBe(false)
  })

  it('is refused for a foreign origin, even on this machine', () => {
    const host = '127.0.0.1:45120'
    for (const origin of ['https://evil.example', 'http://127.0.0.1:3000', 'http://localhost:45120', 'null'])
      expect(mayRead({ host, origin })).toBe(false)
    expect(mayRead({ host, origin: 'http://127.0.0.1:45120' })).toBe(true)
  })
})

describe('the contract socket', () => {
  it('needs the origin of the page itself', () => {
    const host = 'localhost:9000'
    expect(mayConnect({ host, origin: 'http://localhost:9000' })).toBe(true)
    expect(mayConnect({ host })).toBe(false)
    expect(mayConnect({ host, origin: 'http://localhost:9001' })).toBe(false)
    expect(mayConnect({ host: 'evil.example', origin: 'http://evil.example' })).toBe(false)
  })
})

describe('a cookie', () => {
  it('is found by its whole name only', () => {
    const headers = { cookie: 'a=1; xforesight-1=no; foresight-1=yes=; b=' }
    expect(cookieOf(headers, 'foresight-1')).toBe('yes=')
    expect(cookieOf(headers, 'foresight')).toBeUndefined()
    expect(cookieOf({}, 'a')).toBeUndefined()
  })
})
