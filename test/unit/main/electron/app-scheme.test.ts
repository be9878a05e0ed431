/** What `app://foresight/` answers, and what it does not. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocol } from 'electron'
import { afterAll, describe, expect, it } from 'vitest'
import { answerPageRequest, registerAppScheme, servePage } from '#main/electron/app-scheme.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'
import type * as fake from '#test/fakes/electron.ts'

const electronProtocol = protocol as unknown as typeof fake.protocol

describe('the app scheme', () => {
  const folder = temporaryFolder()
  afterAll(() => folder[Symbol.dispose]())
  const page = join(folder.path, 'renderer')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<p>page</p>')
  writeFileSync(join(page, 'assets', 'a-12345678.js'), 'x')
  writeFileSync(join(folder.path, 'secret.txt'), 'secret')
  symlinkSync(join(folder.path, 'secret.txt'), join(page, 'link.txt'))

  it('is registered as a real, secure origin with streaming', () => {
    registerAppScheme()
    expect(electronProtocol.schemes).toMatchObject([
      { scheme: 'app', privileges: { standard: true, secure: true, stream: true } },
    ])
  })

  it('serves the page with its type and the content policy', async () => {
    servePage(page)
    const answer = electronProtocol.handlers.get('app')?.({ url: 'app://foresight/' })
    expect(answer?.status).toBe(200)
    expect(answer?.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer?.headers.get('content-security-policy')).toContain(`default-src 'self'`)
    expect(answer?.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer?.text()).toBe('<p>page</p>')
  })

  it.each([
    'app://foresight/../secret.txt',
    'app://foresight/%2e%2e/secret.txt',
    'app://foresight/..%2fsecret.txt',
    'app://foresight/assets/..%5c..%5csecret.txt',
    'app://foresight/link.txt',
    'app://foresight/assets',
    'app://foresight/%00',
    'app://foresight/%zz',
    'app://other/index.html',
    'app://foresight.evil/index.html',
  ])('has nothing at %s', async (url) => {
    const answer = answerPageRequest(page, url)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe('')
  })
})
