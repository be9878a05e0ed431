/** Locks on everything that Electron shows: no navigation away, no new windows, no webviews, no permission but our page's cameras. */
import { app, session, shell } from 'electron'
import { isOurUrl } from './trusted-frame.ts'

/** Where a link in the page may lead, in the user's own browser. */
const externalHosts: ReadonlySet<string> = new Set([
  'github.com',
  'huggingface.co',
  'nodejs.org',
  'www.electronjs.org',
])

export function mayOpenExternally(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  return protocol === 'https:' && username === '' && password === '' && externalHosts.has(hostname)
}

function lockPermissions(): void {
  const ours = session.defaultSession
  const isOurs = (permission: string, url: string | undefined): boolean =>
    permission === 'media' && url !== undefined && isOurUrl(url)
  ours.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    const isVideoOnly = types.length > 0 && types.every((type) => type === 'video')
    decide(isVideoOnly && isOurs(permission, details.requestingUrl))
  })
  ours.setPermissionCheckHandler((_contents, permission, origin) => isOurs(permission, origin))
  ours.setDevicePermissionHandler(() => false)
}

/** Must run once, when Electron is ready and before the first window. */
export function secureContents(): void {
  lockPermissions()
  app.on('web-contents-created', (_event, contents) => {
    // A reload of our own page is the one navigation there is.
    const stayHome = (event: { readonly url: string; preventDefault(): void }): void => {
      if (!isOurUrl(event.url)) event.preventDefault()
    }
    contents.on('will-navigate', stayHome)
    contents.on('will-redirect', stayHome)
    contents.on('will-frame-navigate', stayHome)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenExternally(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}
