/** The headless shell: the app behind a local web server. Used by `foresight start` and by tests, in the calling process. */
import { join } from 'node:path'
import type { HostName } from '#contract/services/shell.ts'
import { startApp, type App } from './app.ts'
import { dataDirOf } from './instance/data-dir.ts'
import type { Owner } from './instance/instance-lock.ts'
import { findProgram } from './instance/program.ts'
import { createDoor } from './security/door.ts'
import { commandSleepInhibitor } from './sleep/sleep-inhibitor.ts'
import { hostEntries, programFrom, type HostEntry } from './supervise/host-entries.ts'
import { startPageServer, type PageHandler, type PageServer } from './headless/page-server.ts'

/** Tried first, so that what a browser remembers for an address (camera permission) survives a restart. */
const usualPort = 45120

export interface HeadlessOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Default: `FORESIGHT_DATA_DIR` or the system's place. */
  readonly dataDir?: string
  /** Absent: the usual port if free, else any. 0: any. */
  readonly port?: number
  /** Default: the four hosts, from `src` when `FORESIGHT_FROM=src`, else from `out`. */
  readonly entries?: readonly HostEntry[]
  /** Default: `out/renderer`. */
  readonly pageDir?: string
  readonly servePage?: PageHandler
}

export interface RunningApp {
  readonly app: App
  readonly port: number
  /** Address with the current token; a fresh one when the last was used. */
  readonly url: string
  newUrl(): string
  hostPid(name: HostName): number | null
  /** Ends the hosts in order, then the server. */
  close(): Promise<void>
}

/** The data folder is in use; `owner` says by whom and where. */
export class AlreadyRunning extends Error {
  readonly owner: Owner
  constructor(owner: Owner) {
    super(`Foresight already runs with this data folder (process ${owner.pid})`)
    this.owner = owner
  }
}

const isBusy = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE'

/** Rejects with `AlreadyRunning`, or with the system's error when the port is taken or the data folder cannot be written. */
export async function startHeadless(options: HeadlessOptions = {}): Promise<RunningApp> {
  const env = options.env ?? process.env
  const program = findProgram(import.meta.dirname)
  const door = createDoor()
  let server: PageServer | null = null
  const address = (isNewToken: boolean): string =>
    `http://127.0.0.1:${server?.port ?? 0}/?token=${door.token(isNewToken)}`

  await using starting = new AsyncDisposableStack()
  const waiting: Parameters<App['attach']>[0][] = []
  let app: App | null = null
  const open = (port: number): Promise<PageServer> =>
    startPageServer({
      pageDir: options.pageDir ?? join(program.rootDir, 'out', 'renderer'),
      port,
      door,
      onPage: (page) => {
        if (app === null) waiting.push(page)
        else app.attach(page)
      },
      ...(options.servePage === undefined ? {} : { servePage: options.servePage }),
    })
  const wanted = options.port
  server =
    wanted === undefined
      ? await open(usualPort).catch((error: unknown) => {
          if (isBusy(error)) return open(0)
          throw error
        })
      : await open(wanted)
  starting.use(server)

  const start = await startApp({
    shell: 'headless',
    program,
    dataDir: options.dataDir ?? dataDirOf(env),
    env,
    nodePath: process.execPath,
    entries: options.entries ?? hostEntries(program.plainDir, programFrom(env)),
    frontDoor: { address, show: () => undefined },
    sleepInhibitor: commandSleepInhibitor,
  })
  if (start.kind === 'taken') throw new AlreadyRunning(start.owner)
  app = starting.use(start.app)
  for (const page of waiting) app.attach(page)
  app.log.info('headless', 'listening', { port: server.port })

  const running = starting.move()
  const { port } = server
  const { supervisor } = app
  return {
    app,
    port,
    get url() {
      return address(false)
    },
    newUrl: () => address(true),
    hostPid: (name) => supervisor.host(name)?.status.pid ?? null,
    close: () => running.disposeAsync(),
  }
}
