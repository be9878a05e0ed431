/**
 * The program behind either front door: the same modules, started in order and ended in reverse. A shell adds only how a page
 * reaches it (`attach`) and how it is found again (`frontDoor`).
 */
import { implement, serve } from '#contract/rpc/serve.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { control } from '#contract/services/control.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { socketPath } from '#host/shared/host-options.ts'
import { serveLocalSocket } from '#host/shared/local-socket.ts'
import { createLog, type Log } from '#host/shared/log.ts'
import { acquireInstance, type Owner } from './instance/instance-lock.ts'
import type { Program } from './instance/program.ts'
import { createSocketDir } from './instance/socket-dir.ts'
import { openLogFiles } from './logs/log-files.ts'
import { routePage, type OpenChannel } from './router/route-page.ts'
import { openSettings, type SettingsStore } from './settings/settings-store.ts'
import { shellService } from './shell-service.ts'
import type { SleepInhibitor } from './sleep/sleep-inhibitor.ts'
import type { HostEntry } from './supervise/host-entries.ts'
import { nodeSpawner } from './supervise/host-link.ts'
import { startSupervisor, type Supervisor } from './supervise/supervisor.ts'

export interface FrontDoor {
  /** Address for a further browser, or null where the page is a window. */
  address(isNewToken: boolean): string | null
  show(): void
}

export interface AppOptions {
  readonly shell: 'electron' | 'headless'
  readonly program: Program
  readonly dataDir: string
  readonly env: NodeJS.ProcessEnv
  /** Node 24 for the hosts. */
  readonly nodePath: string
  readonly entries: readonly HostEntry[]
  readonly frontDoor: FrontDoor
  readonly sleepInhibitor: (log: Log) => SleepInhibitor
}

export interface App extends AsyncDisposable {
  readonly log: Log
  readonly settings: SettingsStore
  readonly supervisor: Supervisor
  /** Serves a page over its transport; gives the name under which the hosts know it. */
  attach(page: Transport): string
}

export type AppStart =
  | { readonly kind: 'started'; readonly app: App }
  /** Another instance owns the data folder. */
  | { readonly kind: 'taken'; readonly owner: Owner }

export async function startApp(options: AppOptions): Promise<AppStart> {
  const { shell, program, dataDir, env, frontDoor } = options
  await using starting = new AsyncDisposableStack()

  const socketDir = starting.use(createSocketDir(env))
  const controlService = implement(control, {
    address: async ({ isNewToken }) => ({ pid: process.pid, shell, url: frontDoor.address(isNewToken) }),
    show: async () => frontDoor.show(),
  })
  const controlServer = await serveLocalSocket(socketPath(socketDir.path, 'control'), [controlService])
  starting.defer(() => void controlServer.close())

  const acquired = await acquireInstance(dataDir, socketDir.path)
  if (acquired.kind === 'taken') return acquired
  starting.use(acquired.lock)

  const logs = starting.use(openLogFiles(dataDir))
  const log = createLog()
  starting.use(log.follow((line) => logs.write('main', line)))
  const lastWords = (error: Error): void => {
    log.error('main', 'unexpected error', { error: error.stack ?? String(error) })
    logs[Symbol.dispose]()
  }
  process.on('uncaughtExceptionMonitor', lastWords)
  starting.defer(() => void process.off('uncaughtExceptionMonitor', lastWords))
  log.info('main', `Foresight ${program.version} starts`, { shell, node: process.version, pid: process.pid })

  const settings = openSettings(dataDir, log)
  const sleep = starting.use(options.sleepInhibitor(log))
  const supervisor = starting.use(
    startSupervisor({
      entries: options.entries,
      spawn: nodeSpawner(
        options.nodePath,
        { dataDir, socketDir: socketDir.path, resourcesDir: program.resourcesDir },
        env,
      ),
      log,
      onLogLine: (name, line) => logs.write(name, line),
    }),
  )
  starting.use(supervisor.onChange(() => sleep.set(supervisor.isTorqueOn)))

  const own = shellService({ version: program.version, shell, dataDir, logs, settings, supervisor })
  const openChannel: OpenChannel = (target, peer) => {
    if (target !== 'main') return supervisor.host(target)?.open(peer) ?? null
    const [near, far] = memoryPair()
    serve([own], far, peer)
    return near
  }

  let pageCount = 0
  const pages = new Set<Transport>()
  starting.defer(() => {
    for (const page of pages) page.close()
  })
  const running = starting.move()
  return {
    kind: 'started',
    app: {
      log,
      settings,
      supervisor,
      attach: (page) => {
        const peer = `page-${++pageCount}`
        log.info('page', `${peer} opened`)
        pages.add(page)
        routePage(page, peer, openChannel)
        page.onClose(() => {
          pages.delete(page)
          log.info('page', `${peer} closed`)
        })
        return peer
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    },
  }
}
