import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WorldDescription, WorldPose } from '#contract/services/sim.ts'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import type { Fault } from '#core/result.ts'
import type { Picture } from '#renderer/capture/camera-source.ts'
import type { DrawWorker } from '#renderer/capture/draw-link.ts'
import type { FromDraw, ToDraw } from '#renderer/capture/draw-messages.ts'
import { VirtualSource } from '#renderer/capture/virtual-source.ts'
import { smallWorld, smallWorldPose } from '../../../fakes/small-world.ts'

/** Draws by answering with frames that only count; takes `costMs` of fake time for each. */
class FakeDrawWorker implements DrawWorker {
  costMs = 5
  fault: Fault | null = null
  isTerminated = false
  readonly drawn: number[] = []
  #listener: (event: MessageEvent<FromDraw>) => void = () => undefined

  addEventListener(_type: 'message', listener: (event: MessageEvent<FromDraw>) => void): void {
    this.#listener = listener
  }
  postMessage(message: unknown): void {
    const asked = message as ToDraw
    const reply = (data: FromDraw): void => this.#listener({ data } as MessageEvent<FromDraw>)
    if (asked.t === 'world') {
      queueMicrotask(() => reply({ t: 'world', fault: this.fault }))
      return
    }
    this.drawn.push(asked.timestampUs)
    const frame = { close: () => undefined } as unknown as VideoFrame
    setTimeout(() => reply({ t: 'drawn', pictures: [{ name: 'top', frame }] }), this.costMs)
  }
  terminate(): void {
    this.isTerminated = true
  }
}

describe('VirtualSource', () => {
  let worker: FakeDrawWorker
  let pictures: Picture[]
  let faults: Fault[]
  /** Set: the world's time stands still there. */
  let stillUs: number | null
  let streams: { maxHz: number; isOpen: boolean; end: () => void }[]
  let describeWorld: () => Promise<WorldDescription>
  let source: VirtualSource
  const nowUs = (): number => performance.now() * 1000

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    })
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext(): null {
          return null
        }
      },
    )
    worker = new FakeDrawWorker()
    pictures = []
    faults = []
    stillUs = null
    streams = []
    describeWorld = async () => smallWorld
  })
  afterEach(() => {
    source[Symbol.dispose]()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const start = (): void => {
    source = new VirtualSource({
      cameras: [{ name: 'top', width: 320, height: 240 }],
      drawWorker: worker,
      onPicture: (_camera, picture) => pictures.push(picture),
      onFault: (_camera, fault) => faults.push(fault),
      nowUs,
      describe: () => describeWorld(),
      poses: (maxHz, onPose, onEnd) => {
        const stream = { maxHz, isOpen: true, end: onEnd }
        streams.push(stream)
        const timer = setInterval(() => onPose(poseAt(stillUs ?? nowUs())), 1000 / maxHz)
        return {
          [Symbol.dispose]: () => {
            stream.isOpen = false
            clearInterval(timer)
          },
        }
      },
    })
  }
  const poseAt = (timeUs: number): WorldPose => ({
    timeUs,
    simTimeUs: timeUs,
    pose: smallWorldPose(timeUs),
    follower: [],
    leader: [],
    cubes: {},
    speed: 1,
    isTargetMoving: false,
  })
  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

  it('asks for nothing while nobody looks', async () => {
    start()
    await pass(500)
    expect(streams).toEqual([])
    expect(worker.drawn).toEqual([])
  })

  it('draws one picture for each frame of a take, from a pose at or before it and less than a frame old', async () => {
    start()
    await pass(20)
    const grid = new FrameGrid(Math.round(nowUs()) + 100_000, 30)
    source.setPace({ kind: 'take', grid })
    await pass(2100)
    expect(streams.map((stream) => stream.maxHz)).toEqual([60])
    const inTake = pictures.filter((picture) => picture.captureUs > grid.timeUs(0) - 17_000)
    expect(inTake.length).toBeGreaterThan(55)
    inTake.forEach((picture, index) => {
      const age = grid.timeUs(index) - picture.captureUs
      expect(age).toBeGreaterThanOrEqual(0)
      expect(age).toBeLessThan(18_000)
      expect(picture.uncertaintyUs).toBe(0)
    })
  })

  it('misses no frame of a take when one drawing takes as long as three frames', async () => {
    start()
    await pass(20)
    const grid = new FrameGrid(Math.round(nowUs()) + 50_000, 30)
    source.setPace({ kind: 'take', grid })
    await pass(500)
    worker.costMs = 100
    await pass(100)
    worker.costMs = 5
    await pass(900)
    const frames = pictures
      .filter((picture) => picture.captureUs >= grid.timeUs(0))
      .map((picture) => Math.ceil(((picture.captureUs - grid.t0Us) * 30) / 1_000_000))
    expect(frames.length).toBeGreaterThan(35)
    expect(frames).toEqual(frames.map((_, index) => (frames[0] ?? 0) + index))
  })

  it('draws no pose twice when the world stands still', async () => {
    start()
    await pass(20)
    source.setPace({ kind: 'preview', fps: 30 })
    await pass(300)
    stillUs = Math.round(nowUs())
    await pass(100)
    const before = worker.drawn.length
    await pass(500)
    expect(worker.drawn.length).toBe(before)
    expect(new Set(worker.drawn).size).toBe(before)
  })

  it('asks for the world again when the simulator was away', async () => {
    let asked = 0
    describeWorld = async () => {
      asked += 1
      if (asked === 1) throw new Error('away')
      return smallWorld
    }
    start()
    source.setPace({ kind: 'preview', fps: 30 })
    await pass(1500)
    expect(asked).toBe(2)
    expect(worker.drawn.length).toBeGreaterThan(2)
  })

  it('says why the world cannot be drawn', async () => {
    worker.fault = { code: 'capture/lost', message: 'no WebGL' }
    start()
    source.setPace({ kind: 'preview', fps: 30 })
    await pass(500)
    expect(faults).toEqual([{ code: 'capture/lost', message: 'no WebGL' }])
    expect(worker.drawn).toEqual([])
  })

  it('ends its worker and its stream', async () => {
    start()
    source.setPace({ kind: 'preview', fps: 30 })
    await pass(100)
    source[Symbol.dispose]()
    const before = pictures.length
    await pass(500)
    expect(worker.isTerminated).toBe(true)
    expect(streams.every((stream) => !stream.isOpen)).toBe(true)
    expect(pictures.length).toBe(before)
  })
})
