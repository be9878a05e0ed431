/**
 * Electron's main process without Electron: the parts the program uses, recording what they were told, with events that tests emit.
 * `vitest.config.ts` puts it in the place of the real package, which would try to download itself.
 */
import { EventEmitter } from 'node:events'

type Listener = (...args: never[]) => unknown

class PortMain extends EventEmitter {
  other: PortMain | null = null
  #isStarted = false
  #kept: unknown[] = []
  #isClosed = false

  start(): void {
    this.#isStarted = true
    for (const data of this.#kept.splice(0)) this.emit('message', { data, ports: [] })
  }
  postMessage(message: unknown): void {
    const data: unknown = structuredClone(message)
    setImmediate(() => this.other?.receive(data))
  }
  receive(data: unknown): void {
    if (this.#isClosed) return
    if (this.#isStarted) this.emit('message', { data, ports: [] })
    else this.#kept.push(data)
  }
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.emit('close')
    setImmediate(() => this.other?.close())
  }
}

export class MessageChannelMain {
  readonly port1 = new PortMain()
  readonly port2 = new PortMain()
  constructor() {
    this.port1.other = this.port2
    this.port2.other = this.port1
  }
}

export class WebContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  reloads = 0
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  reload(): void {
    this.reloads += 1
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly opened: BrowserWindow[] = []
  readonly webContents = new WebContents()
  readonly options: Record<string, unknown>
  readonly calls: string[] = []
  loaded: string | null = null
  constructor(options: Record<string, unknown>) {
    super()
    this.options = options
    BrowserWindow.opened.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url: string): Promise<void> {
    this.loaded = url
  }
  isDestroyed(): boolean {
    return this.calls.includes('destroy')
  }
  isMinimized(): boolean {
    return this.calls.includes('minimize') && !this.calls.includes('restore')
  }
  minimize(): void {
    this.calls.push('minimize')
  }
  restore(): void {
    this.calls.push('restore')
  }
  show(): void {
    this.calls.push('show')
  }
  focus(): void {
    this.calls.push('focus')
  }
}

class App extends EventEmitter {
  readonly paths: Record<string, string> = {}
  isFirstInstance = true
  quits = 0
  setPath(name: string, path: string): void {
    this.paths[name] = path
  }
  requestSingleInstanceLock(): boolean {
    return this.isFirstInstance
  }
  async whenReady(): Promise<void> {}
  /** As Electron does: asks first, and is done unless somebody holds it back. */
  quit(): void {
    let isHeld = false
    this.emit('will-quit', { preventDefault: () => void (isHeld = true) })
    if (!isHeld) this.quits += 1
  }
  exit(): void {
    this.quits += 1
  }
}

class Session {
  readonly handlers: Record<string, Listener> = {}
  setPermissionRequestHandler(handler: Listener): void {
    this.handlers['request'] = handler
  }
  setPermissionCheckHandler(handler: Listener): void {
    this.handlers['check'] = handler
  }
  setDevicePermissionHandler(handler: Listener): void {
    this.handlers['device'] = handler
  }
}

export const app = new App()
export const session = { defaultSession: new Session() }
export const ipcMain = new EventEmitter()
/** The preload's side of the one channel. */
export const ipcRenderer = Object.assign(new EventEmitter(), { send: (_channel: string): void => undefined })

export const protocol = {
  schemes: [] as unknown[],
  handlers: new Map<string, (request: { url: string }) => Response>(),
  registerSchemesAsPrivileged(schemes: unknown[]): void {
    protocol.schemes.push(...schemes)
  },
  handle(scheme: string, handler: (request: { url: string }) => Response): void {
    protocol.handlers.set(scheme, handler)
  },
}

export const shell = {
  opened: [] as string[],
  async openExternal(url: string): Promise<void> {
    shell.opened.push(url)
  },
}

export const powerSaveBlocker = {
  active: new Map<number, string>(),
  next: 1,
  start(kind: string): number {
    const id = powerSaveBlocker.next++
    powerSaveBlocker.active.set(id, kind)
    return id
  },
  stop(id: number): void {
    powerSaveBlocker.active.delete(id)
  },
}

export const dialog = {
  errors: [] as string[],
  showErrorBox(_title: string, content: string): void {
    dialog.errors.push(content)
  },
}
