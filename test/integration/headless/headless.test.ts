/** The headless shell with real processes: pages reach hosts, hosts die and come back, and the end is orderly. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FaultError, type Fault } from '#core/result.ts'
import { rig } from '#contract/services/rig.ts'
import { shell, type HostStatus } from '#contract/services/shell.ts'
import { AlreadyRunning, startHeadless, type RunningApp } from '#main/headless.ts'
import { openPage } from '#test/fakes/page-client.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'
import { eventually } from '#test/fakes/eventually.ts'

const fakes = join(import.meta.dirname, '../../fakes/hosts')
const entries = [
  { name: 'library', modulePath: join(fakes, 'library.ts') },
  { name: 'rig', modulePath: join(fakes, 'rig.ts') },
] as const

const start = (dataDir: string): Promise<RunningApp> =>
  startHeadless({ dataDir, port: 0, entries, pageDir: join(import.meta.dirname, 'page') })

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof FaultError ? error.fault.code : error),
  )

describe('the headless shell', () => {
  const folder = temporaryFolder()
  let running: RunningApp
  beforeAll(async () => {
    running = await start(folder.path)
  })
  afterAll(async () => {
    await running.close()
    folder[Symbol.dispose]()
  })

  it('gives each page its own name before the hosts, and several pages at once', async () => {
    await using first = await openPage(running.url)
    await using second = await openPage(running.newUrl())
    const [a, b] = [first, second].map((page) => page.connection.client(rig))
    const names = [(await a?.ports())?.[0]?.path, (await b?.ports())?.[0]?.path]
    expect(new Set(names).size).toBe(2)
    expect((await first.connection.client(shell).info()).peer).toBe(names[0])
  })

  it('lets a page open a second socket with the same cookie, as its capture worker does', async () => {
    await using page = await openPage(running.newUrl())
    await using worker = await openPage(running.url, page.cookie)
    expect(await worker.connection.client(rig).ports()).toHaveLength(1)
  })

  it('ends what a page has open on a host that is killed, and serves it again when the host is back', async () => {
    await using page = await openPage(running.newUrl())
    const rigClient = page.connection.client(rig)
    const history: HostStatus[][] = []
    page.connection.client(shell).hosts(undefined, (hosts) => void history.push(hosts))
    const latest = (): HostStatus | undefined => history.at(-1)?.find((host) => host.name === 'rig')
    await vi.waitFor(() => expect(latest()?.status).toBe('running'), { timeout: 10_000 })

    const ended = new Promise<Fault | null>((resolve) => rigClient.state(undefined, () => undefined, resolve))
    const call = codeOf(rigClient.savedRigs())
    await rigClient.ports()
    process.kill(running.hostPid('rig') ?? 0, 'SIGKILL')
    expect(await call).toBe('shell/host-down')
    expect(await ended).toMatchObject({ code: 'shell/host-down', data: { host: 'rig' } })

    await vi.waitFor(
      () => expect(latest()).toMatchObject({ status: 'running', restarts: 1, lastExit: 'signal SIGKILL' }),
      {
        timeout: 10_000,
      },
    )
    const items: unknown[] = []
    rigClient.state(undefined, (item) => void items.push(item))
    expect(await rigClient.ports()).toHaveLength(1)
    expect(items).toHaveLength(1)
  })

  it('says in the page that a host does not answer, and that it answers again', async () => {
    await using page = await openPage(running.newUrl())
    const seen: string[] = []
    page.connection.client(shell).hosts(undefined, (hosts) => {
      const status = hosts.find((host) => host.name === 'library')?.status ?? ''
      if (seen.at(-1) !== status) seen.push(status)
    })
    await vi.waitFor(() => expect(seen.at(-1)).toBe('running'), { timeout: 10_000 })
    const pid = running.hostPid('library') ?? 0
    process.kill(pid, 'SIGSTOP')
    await vi.waitFor(() => expect(seen.at(-1)).toBe('silent'), { timeout: 10_000 })
    process.kill(pid, 'SIGCONT')
    await vi.waitFor(() => expect(seen.at(-1)).toBe('running'), { timeout: 10_000 })
  })

  it('restarts a host that a page asks to be restarted, in order', async () => {
    await using page = await openPage(running.newUrl())
    const before = running.hostPid('library')
    await page.connection.client(shell).restartHost({ name: 'library' })
    expect(running.hostPid('library')).not.toBe(before)
    expect(readFileSync(join(folder.path, 'ends.txt'), 'utf8')).toContain('library shutdown')
  })

  it('keeps settings, tells every page, and refuses what does not fit', async () => {
    await using page = await openPage(running.newUrl())
    await using other = await openPage(running.newUrl())
    const seen: string[] = []
    other.connection.client(shell).settings(undefined, (settings) => void seen.push(settings.operator))
    await page.connection.client(shell).changeSettings({ operator: 'Ada' })
    await eventually(() => expect(seen).toEqual(['', 'Ada']))
    const tooLong = page.connection.client(shell).changeSettings({ operator: 'x'.repeat(81) })
    expect(await codeOf(tooLong)).toBe('contract/invalid-request')
    expect(JSON.parse(readFileSync(join(folder.path, 'settings.json'), 'utf8'))).toMatchObject({
      operator: 'Ada',
    })
  })

  it('gives a problem report with the log lines of the hosts and without the data folder', async () => {
    await using page = await openPage(running.newUrl())
    const { text } = await page.connection.client(shell).problemReport()
    expect(text).toContain('library is up')
    expect(text).not.toContain(folder.path)
  })

  it('does not let a page reach what only main may call', async () => {
    await using page = await openPage(running.newUrl())
    const { add } = page.connection.client({ name: 'host', members: { add: shell.members.info } })
    expect(await codeOf(add())).toBe('contract/unknown-member')
  })

  it('refuses a second start with the same data folder, and says where the first one is', async () => {
    const error: unknown = await start(folder.path).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AlreadyRunning)
    const { owner } = error as AlreadyRunning
    expect(owner).toMatchObject({ pid: process.pid, isAnswering: true })
    expect(owner.url).toContain(`http://127.0.0.1:${running.port}/?token=`)
  })
})

describe('the end of the headless shell', () => {
  it('ends the rig host first, frees the data folder and closes the port', async () => {
    using folder = temporaryFolder()
    const running = await start(folder.path)
    await using page = await openPage(running.url)
    await page.connection.client(rig).ports()
    await running.close()
    expect(readFileSync(join(folder.path, 'ends.txt'), 'utf8')).toBe('rig shutdown\nlibrary shutdown\n')
    const again = await start(folder.path)
    await again.close()
  })
})
