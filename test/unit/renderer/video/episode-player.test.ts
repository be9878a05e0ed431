import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import { EpisodePlayer } from '#renderer/video/episode-player.ts'
import type { CameraTrack } from '#renderer/video/camera-track.ts'
import type { PlayState } from '#renderer/video/play-clock.ts'

/** A camera whose pictures are ready when the test says so. */
class FakeVideo {
  readonly camera: string
  readonly drawn: number[] = []
  readonly prefetched: (readonly [number, number])[] = []
  answer: Result<void> = ok(undefined)
  isSlow = false
  readonly #waiting: (() => void)[] = []

  constructor(camera: string) {
    this.camera = camera
  }
  async draw(frame: number): Promise<Result<void>> {
    if (this.isSlow) await new Promise<void>((done) => this.#waiting.push(done))
    this.drawn.push(frame)
    return this.answer
  }
  prefetch(frame: number, direction: 1 | -1): void {
    this.prefetched.push([frame, direction])
  }
  finish(): void {
    for (const done of this.#waiting.splice(0)) done()
  }
  as(): CameraTrack {
    return this as unknown as CameraTrack
  }
}

const canvas = {} as HTMLCanvasElement

describe('EpisodePlayer', () => {
  let front: FakeVideo
  let top: FakeVideo
  let states: PlayState[]
  let faults: [string, Fault | null][]
  let player: EpisodePlayer

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    vi.stubGlobal('requestAnimationFrame', (draw: (nowMs: number) => void) =>
      setTimeout(() => draw(performance.now()), 16),
    )
    vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id))
    front = new FakeVideo('front')
    top = new FakeVideo('top')
    states = []
    faults = []
    player = new EpisodePlayer({
      frames: 90,
      fps: 30,
      onState: (state) => states.push(state),
      onFault: (camera, fault) => faults.push([camera, fault]),
    })
    player.show(front.as(), canvas)
    player.show(top.as(), canvas)
  })
  afterEach(() => {
    player[Symbol.dispose]()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

  it('shows the first frame of every camera at once', async () => {
    await pass(20)
    expect([front.drawn, top.drawn]).toEqual([[0], [0]])
    expect(states.at(-1)).toMatchObject({ frame: 0, isPlaying: false })
  })

  it('plays all cameras from one clock, in real time', async () => {
    await pass(20)
    player.play()
    await pass(1000)
    expect(front.drawn).toEqual(top.drawn)
    expect(front.drawn.at(-1)).toBeGreaterThanOrEqual(29)
    expect(new Set(front.drawn).size).toBe(front.drawn.length)
    expect(front.prefetched.at(-1)?.[1]).toBe(1)
  })

  it('never shows a frame of one camera with a later one of another: it drops frames instead', async () => {
    await pass(20)
    top.isSlow = true
    player.play()
    await pass(500)
    expect(front.drawn.length).toBe(2)
    top.finish()
    await pass(20)
    top.finish()
    await pass(20)
    expect(top.drawn).toEqual(front.drawn.slice(0, top.drawn.length))
    expect(front.drawn.at(-1)).toBeGreaterThan(10)
  })

  it('goes where it is told, steps back, and looks ahead in that direction', async () => {
    player.seek(40)
    await pass(20)
    player.step(-1)
    await pass(20)
    expect(front.drawn.slice(-2)).toEqual([40, 39])
    expect(front.prefetched.at(-1)).toEqual([39, -1])
    expect(states.at(-1)).toMatchObject({ frame: 39, isPlaying: false })
  })

  it('tells a camera’s fault, and when it works again', async () => {
    await pass(20)
    top.answer = fail('dataset/damaged', 'no picture')
    player.seek(5)
    await pass(20)
    top.answer = ok(undefined)
    player.seek(6)
    await pass(20)
    player.seek(7)
    await pass(20)
    expect(faults.map(([camera, fault]) => [camera, fault?.code ?? null])).toEqual([
      ['top', 'dataset/damaged'],
      ['top', null],
    ])
  })

  it('draws a camera that comes later, without anything else moving', async () => {
    player.seek(12)
    await pass(20)
    const wrist = new FakeVideo('wrist')
    player.show(wrist.as(), canvas)
    await pass(20)
    expect(wrist.drawn).toEqual([12])
  })

  it('draws nothing more once disposed', async () => {
    player.play()
    player[Symbol.dispose]()
    await pass(500)
    expect(front.drawn).toEqual([])
  })
})
