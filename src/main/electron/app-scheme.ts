/** `app://foresight/`: the page's own origin in a window, served from the built folder and nowhere else (spec/engineering.md §2.2, 18). */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { findPageFile } from '../page/page-files.ts'
import { contentSecurityPolicy, securityHeaders } from '../security/content-policy.ts'

export const appOrigin = 'app://foresight'

/** Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, stream: true, supportFetchAPI: true } },
  ])
}

/** The answer to one request; what is not a file of the page is not there. */
export function answerPageRequest(pageDir: string, url: string): Response {
  const { origin, protocol: scheme, host, pathname } = new URL(url)
  // Some runtimes give custom schemes an opaque origin, so it is put together here.
  const isOurs = origin === appOrigin || `${scheme}//${host}` === appOrigin
  const file = isOurs ? findPageFile(pageDir, pathname) : null
  const headers = securityHeaders(contentSecurityPolicy(null))
  if (file === null) return new Response('', { status: 404, headers })
  return new Response(Readable.toWeb(createReadStream(file.path)) as ReadableStream, {
    headers: { ...headers, 'Content-Type': file.contentType, 'Content-Length': String(file.sizeBytes) },
  })
}

export function servePage(pageDir: string): void {
  protocol.handle('app', (request) => answerPageRequest(pageDir, request.url))
}
