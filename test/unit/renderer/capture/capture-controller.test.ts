import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CameraConfig } from '#contract/services/rig.ts'
import { CaptureController, idleCapture, type WorkerLike } from '#renderer/capture/capture-controller.ts'
import type { FromWorker, ToWorker } from '#renderer/capture/worker-messages.ts'

class FakeWorker implements WorkerLike {
  readonly got: ToWorker[] = []
  isTerminated = false
  readonly #message: ((event: MessageEvent<FromWorker>) => void)[] = []
  readonly #error: ((event: unknown) => void)[] = []

  postMessage(message: unknown): void {
    this.got.push(message as ToWorker)
  }
  terminate(): void {
    this.isTerminated = true
  }
  addEventListener(type: 'message' | 'error', listener: (event: never) => void): void {
    if (type === 'message') this.#message.push(listener as (event: MessageEvent<FromWorker>) => void)
    else this.#error.push(listener as (event: unknown) => void)
  }
  say(data: FromWorker): void {
    for (const listener of this.#message) listener({ data } as MessageEvent<FromWorker>)
  }
  fail(): void {
    for (const listener of this.#error) listener(new Event('error'))
  }
  kinds(): string[] {
    return this.got.map((message) => message.t)
  }
}

const cameras: readonly CameraConfig[] = [{ name: 'front', kind: 'virtual', width: 320, height: 240 }]
const openTransport = () => ({ kind: 'ws', url: 'ws://here/contract' }) as const

describe('CaptureController', () => {
  let workers: FakeWorker[]
  let controller: CaptureController

  beforeEach(() => {
    vi.useFakeTimers()
    workers = []
    controller = new CaptureController({
      createWorker: () => {
        const worker = new FakeWorker()
        workers.push(worker)
        return worker
      },
      media: undefined,
    })
  })
  afterEach(() => {
    controller[Symbol.dispose]()
    vi.useRealTimers()
  })

  it('gives its worker cameras and a way to the hosts', async () => {
    controller.start(cameras, 30, openTransport)
    await vi.advanceTimersByTimeAsync(1)
    expect(workers[0]?.got).toContainEqual({ t: 'cameras', fps: 30, cameras })
    expect(workers[0]?.got).toContainEqual({ t: 'connect', transport: openTransport() })
    expect(workers[0]?.got).toContainEqual({ t: 'capturing', isOn: false })
  })

  it('keeps one worker through changes of the rig', () => {
    controller.start(cameras, 30, openTransport)
    controller.start([], 15, openTransport)
    expect(workers).toHaveLength(1)
    expect(workers[0]?.got.at(-1)).toEqual({ t: 'cameras', fps: 15, cameras: [] })
  })

  it('tells its worker once when this page becomes the driving one, also before it started', () => {
    controller.setCapturing(true)
    controller.start(cameras, 30, openTransport)
    controller.setCapturing(true)
    expect(workers[0]?.got.filter((message) => message.t === 'capturing')).toEqual([
      { t: 'capturing', isOn: true },
    ])
  })

  it('opens a new way when the worker lost its own', async () => {
    controller.start(cameras, 30, openTransport)
    await vi.advanceTimersByTimeAsync(1)
    workers[0]?.say({ t: 'lost' })
    await vi.advanceTimersByTimeAsync(1500)
    expect(workers[0]?.kinds().filter((kind) => kind === 'connect')).toHaveLength(2)
  })

  it('tries again when no way could be opened', async () => {
    let tries = 0
    controller.start(cameras, 30, () => {
      tries += 1
      if (tries === 1) throw new Error('not now')
      return openTransport()
    })
    await vi.advanceTimersByTimeAsync(1500)
    expect(workers[0]?.kinds()).toContain('connect')
  })

  it('replaces a worker that failed, and says meanwhile that capture is lost', async () => {
    controller.start(cameras, 30, openTransport)
    workers[0]?.fail()
    expect(workers[0]?.isTerminated).toBe(true)
    expect(controller.getState().connection).toBe('lost')
    await vi.advanceTimersByTimeAsync(1500)
    expect(workers).toHaveLength(2)
    expect(workers[1]?.kinds()).toContain('cameras')
  })

  it('passes on the worker’s state, but nothing from a worker that is gone', () => {
    const seen: string[] = []
    controller.subscribe(() => seen.push(controller.getState().connection))
    controller.start(cameras, 30, openTransport)
    workers[0]?.say({ t: 'state', state: { ...idleCapture, connection: 'open' } })
    controller.stop()
    workers[0]?.say({ t: 'state', state: { ...idleCapture, connection: 'open' } })
    expect(seen).toEqual(['open', 'closed'])
  })

  it('says that real cameras cannot be used where the browser hides them', () => {
    controller.setCapturing(true)
    controller.start([{ name: 'left', kind: 'device', width: 640, height: 480 }], 30, openTransport)
    const told = workers[0]?.got.find((message) => message.t === 'device-lost')
    expect(told).toMatchObject({ camera: 'left', fault: { code: 'capture/denied' } })
  })
})
