/**
 * The page's handle on capture: starts the worker, keeps it connected, opens real cameras on the driving page, and holds the
 * state that screens show. It does no work on pictures itself.
 */
import type { CameraConfig } from '#contract/services/rig.ts'
import type { Fault } from '#core/result.ts'
import { DeviceCameras } from './device-cameras.ts'
import type { CaptureState, FromWorker, ToWorker, WorkerTransport } from './worker-messages.ts'

export type TransportFactory = () => WorkerTransport | Promise<WorkerTransport>

/** The part of a Worker that is used. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: Transferable[]): void
  terminate(): void
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void
  addEventListener(type: 'error', listener: (event: unknown) => void): void
}

export interface CaptureControllerOptions {
  readonly createWorker?: () => WorkerLike
  readonly media?: MediaDevices | undefined
}

const reconnectMs = 1000

export const idleCapture: CaptureState = {
  connection: 'closed',
  isCapturing: false,
  takeId: null,
  clockUncertaintyUs: null,
  cameras: {},
  pictures: null,
}

const startWorker = (): WorkerLike =>
  new Worker(new URL('./capture.worker.ts', import.meta.url), { type: 'module', name: 'capture' })

export class CaptureController implements Disposable {
  readonly #options: CaptureControllerOptions
  readonly #listeners = new Set<() => void>()
  readonly #views = new Map<number, () => void>()
  #worker: WorkerLike | null = null
  #devices: DeviceCameras | null = null
  #openTransport: TransportFactory | null = null
  #cameras: readonly CameraConfig[] = []
  #fps = 30
  #isCapturing = false
  #state = idleCapture
  #nextView = 1
  #generation = 0

  constructor(options: CaptureControllerOptions = {}) {
    this.#options = options
    globalThis.document?.addEventListener('visibilitychange', this.#onVisibility)
  }

  /** Starts the worker, or gives a running one new cameras. `openTransport` is called for every (re)connection. */
  start(cameras: readonly CameraConfig[], fps: number, openTransport: TransportFactory): void {
    this.#cameras = cameras
    this.#fps = fps
    this.#openTransport = openTransport
    if (this.#worker === null) this.#begin()
    else this.#post({ t: 'cameras', fps, cameras })
    this.#openDevices()
  }

  stop(): void {
    this.#worker?.terminate()
    this.#worker = null
    this.#generation += 1
    this.#devices?.[Symbol.dispose]()
    this.#devices = null
    this.#set(idleCapture)
  }

  /** True on the driving page only: its worker takes orders for takes and its real cameras are opened. */
  setCapturing(isOn: boolean): void {
    if (this.#isCapturing === isOn) return
    this.#isCapturing = isOn
    this.#post({ t: 'capturing', isOn })
    this.#openDevices()
  }

  getState = (): CaptureState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Shows a camera in an element until disposed; survives a restart of the worker. */
  show(camera: string, parent: HTMLElement): Disposable {
    const id = this.#nextView
    this.#nextView += 1
    let canvas: HTMLCanvasElement | null = null
    const attach = (): void => {
      canvas?.remove()
      canvas = parent.ownerDocument.createElement('canvas')
      canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;object-fit:inherit'
      parent.append(canvas)
      const offscreen = canvas.transferControlToOffscreen()
      this.#post({ t: 'view', id, camera, canvas: offscreen }, [offscreen])
    }
    this.#views.set(id, attach)
    if (this.#worker !== null) attach()
    return {
      [Symbol.dispose]: () => {
        this.#views.delete(id)
        this.#post({ t: 'unview', id })
        canvas?.remove()
      },
    }
  }

  [Symbol.dispose](): void {
    this.stop()
    globalThis.document?.removeEventListener('visibilitychange', this.#onVisibility)
  }

  #begin(): void {
    const generation = ++this.#generation
    const worker = (this.#options.createWorker ?? startWorker)()
    this.#worker = worker
    worker.addEventListener('message', ({ data }) => {
      if (generation !== this.#generation) return
      if (data.t === 'state') this.#set(data.state)
      else setTimeout(() => void this.#connect(generation), reconnectMs)
    })
    worker.addEventListener('error', () => {
      if (generation === this.#generation) this.#restart()
    })
    this.#post({ t: 'cameras', fps: this.#fps, cameras: this.#cameras })
    this.#post({ t: 'capturing', isOn: this.#isCapturing })
    this.#onVisibility()
    for (const attach of this.#views.values()) attach()
    void this.#connect(generation)
  }

  /** A worker that failed is replaced; its take is closed by the recorder, which lost it. */
  #restart(): void {
    this.#worker?.terminate()
    this.#worker = null
    const generation = ++this.#generation
    this.#set({ ...idleCapture, connection: 'lost' })
    setTimeout(() => {
      if (generation !== this.#generation) return
      this.#begin()
      this.#devices?.[Symbol.dispose]()
      this.#devices = null
      this.#openDevices()
    }, reconnectMs)
  }

  async #connect(generation: number): Promise<void> {
    if (generation !== this.#generation || this.#openTransport === null) return
    try {
      const transport = await this.#openTransport()
      if (generation !== this.#generation) return
      this.#post({ t: 'connect', transport }, transport.kind === 'port' ? [transport.port] : [])
    } catch {
      setTimeout(() => void this.#connect(generation), reconnectMs)
    }
  }

  #openDevices(): void {
    const wanted = this.#isCapturing ? this.#cameras.filter((camera) => camera.kind === 'device') : []
    if (this.#worker === null || (wanted.length === 0 && this.#devices === null)) return
    const media = this.#options.media ?? globalThis.navigator?.mediaDevices
    if (media === undefined) {
      for (const { name } of wanted) this.#lose(name, noMedia)
      return
    }
    this.#devices ??= new DeviceCameras({
      media,
      onPictures: (camera, pictures) => this.#post({ t: 'device', camera, pictures }, [pictures]),
      onLost: (camera, fault) => this.#lose(camera, fault),
    })
    this.#devices.set(wanted, this.#fps)
  }

  #lose(camera: string, fault: Fault): void {
    this.#post({ t: 'device-lost', camera, fault })
  }

  readonly #onVisibility = (): void => {
    this.#post({ t: 'visible', isOn: globalThis.document?.visibilityState !== 'hidden' })
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer)
  }

  #set(state: CaptureState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** Browsers hide cameras from pages that were loaded over plain http from another machine. */
const noMedia: Fault = {
  code: 'capture/denied',
  message: 'this page may not use cameras: open it on the computer itself, over localhost or https',
}
