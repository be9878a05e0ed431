/**
 * Which HTTP requests may be answered at all. A page elsewhere can make a browser send requests here, and a name it controls can be made to
 * resolve to 127.0.0.1 (DNS rebinding): so the Host must name this machine, and an Origin, where there is one, must be the page itself.
 */
import type { IncomingHttpHeaders } from 'node:http'

/** Any port: through an SSH tunnel the browser sees another one than we listen on. */
const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/u

export const isLoopbackHost = (host: string | undefined): host is string =>
  host !== undefined && loopbackHost.test(host.toLowerCase())

/** The Origin that the page at this Host has. */
const originOf = (host: string): string => `http://${host.toLowerCase()}`

/** For page requests: Origin may be absent (navigation), but never foreign. */
export function mayRead(headers: IncomingHttpHeaders): boolean {
  const { host, origin } = headers
  if (!isLoopbackHost(host)) return false
  return origin === undefined || origin === originOf(host)
}

/** For the contract socket: browsers always send an Origin there, and it must be the page. */
export const mayConnect = (headers: IncomingHttpHeaders): boolean =>
  headers.origin !== undefined && mayRead(headers)

/** Value of the cookie called `name`, or undefined. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
