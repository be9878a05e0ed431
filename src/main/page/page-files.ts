/** Files of the built page, and nothing else: a requested path that leaves the folder, by any spelling or link, is not found. */
import { realpathSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

export interface PageFile {
  readonly path: string
  readonly sizeBytes: number
  readonly contentType: string
  /** Its name carries a hash of its content, so it never changes. */
  readonly isImmutable: boolean
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.mp4': 'video/mp4',
  '.txt': 'text/plain; charset=utf-8',
}

const decoded = (pathname: string): string | null => {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return null
  }
}

/** `pathname` as in a URL, still encoded; `/` is the page itself. Null when there is no such file inside `root`. */
export function findPageFile(root: string, pathname: string): PageFile | null {
  const name = decoded(pathname === '/' ? '/index.html' : pathname)
  if (name === null || name.includes('\0') || name.includes('\\')) return null
  try {
    const realRoot = realpathSync(root)
    const path = realpathSync(join(realRoot, name))
    if (!path.startsWith(realRoot + sep)) return null
    const stats = statSync(path)
    if (!stats.isFile()) return null
    return {
      path,
      sizeBytes: stats.size,
      contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
      isImmutable: /^\/assets\/.*-[\w-]{8}\.\w+$/u.test(name),
    }
  } catch {
    return null
  }
}
