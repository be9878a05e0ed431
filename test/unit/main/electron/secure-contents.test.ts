/** The locks of spec/engineering.md §2.2, one by one, on the fake. */
import { app, session, shell } from 'electron'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { mayOpenExternally, secureContents } from '#main/electron/secure-contents.ts'
import * as fake from '#test/fakes/electron.ts'

/** The fake that stands behind the `electron` import, with what it records. */
const electron = { app, session, shell } as unknown as Pick<typeof fake, 'app' | 'session' | 'shell'>

const contents = new fake.WebContents()
beforeAll(() => {
  secureContents()
  electron.app.emit('web-contents-created', {}, contents)
})

const isPrevented = (event: string, url: string): boolean => {
  const preventDefault = vi.fn()
  contents.emit(event, { url, preventDefault })
  return preventDefault.mock.calls.length > 0
}

describe('everything that Electron shows', () => {
  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('stays home on %s', (event) => {
    expect(isPrevented(event, 'https://example.com/')).toBe(true)
    expect(isPrevented(event, 'file:///etc/passwd')).toBe(true)
    expect(isPrevented(event, 'app://foresight.evil/')).toBe(true)
    expect(isPrevented(event, 'app://foresight/')).toBe(false)
  })

  it('takes no webview', () => {
    expect(isPrevented('will-attach-webview', '')).toBe(true)
  })

  it('opens no window, and a link only in the browser and only to a host on the list', () => {
    const open = (url: string): unknown => contents.openHandler?.({ url })
    for (const url of [
      'https://github.com/x',
      'https://evil.example/',
      'app://foresight/',
      'http://github.com/',
    ])
      expect(open(url)).toEqual({ action: 'deny' })
    expect(electron.shell.opened).toEqual(['https://github.com/x'])
  })

  it.each([
    ['http://github.com/', false],
    ['https://github.com.evil.example/', false],
    ['https://user:secret@github.com/', false],
    ['file:///tmp/x', false],
    ['javascript:alert(1)', false],
    ['not a url', false],
    ['https://huggingface.co/docs/lerobot', true],
  ])('%s opens outside: %s', (url, isAllowed) => {
    expect(mayOpenExternally(url)).toBe(isAllowed)
  })
})

describe('permissions', () => {
  type Decide = (isAllowed: boolean) => void
  const handler = (name: string) =>
    electron.session.defaultSession.handlers[name] as (...args: unknown[]) => unknown
  const request = (permission: string, details: object): boolean | null => {
    let answer: boolean | null = null
    const decide: Decide = (isAllowed) => void (answer = isAllowed)
    handler('request')(contents, permission, decide, details)
    return answer
  }

  it('grants our page its cameras, and nobody anything else', () => {
    const ours = { requestingUrl: 'app://foresight/', mediaTypes: ['video'] }
    expect(request('media', ours)).toBe(true)
    expect(request('media', { ...ours, mediaTypes: ['video', 'audio'] })).toBe(false)
    expect(request('media', { ...ours, requestingUrl: 'https://example.com/' })).toBe(false)
    for (const permission of [
      'geolocation',
      'notifications',
      'midi',
      'clipboard-read',
      'usb',
      'openExternal',
    ])
      expect(request(permission, { requestingUrl: 'app://foresight/' })).toBe(false)
  })

  it('checks by the same rule, and hands out no device', () => {
    expect(handler('check')(contents, 'media', 'app://foresight')).toBe(true)
    expect(handler('check')(contents, 'media', 'https://example.com')).toBe(false)
    expect(handler('check')(contents, 'serial', 'app://foresight')).toBe(false)
    expect(handler('device')({ deviceType: 'hid' })).toBe(false)
  })
})
