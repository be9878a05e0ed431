import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ModelPicture, PictureDemand } from '#contract/services/pictures.ts'
import { PictureFeed } from '#renderer/capture/picture-feed.ts'
import { FakeVideoFrame, stubWebCodecs } from './fake-web-codecs.ts'

const demand: NonNullable<PictureDemand> = {
  policyId: 'own/seer',
  cameras: ['front', 'wrist'],
  side: 4,
  fps: 30,
  everyTicks: 3,
}

describe('PictureFeed', () => {
  let puts: { camera: string; ms: number }[][]
  let written: ModelPicture[][]
  let take: () => Promise<void>
  let onDemand: (demand: PictureDemand) => void
  let onEnd: () => void
  let subscriptions: number
  let feed: PictureFeed

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    stubWebCodecs()
    puts = []
    written = []
    take = () => Promise.resolve()
    subscriptions = 0
    feed = new PictureFeed({
      follow: (listener, end) => {
        subscriptions += 1
        onDemand = listener
        onEnd = end
        return { [Symbol.dispose]: () => undefined }
      },
      openSink: () => ({
        write: async (pictures) => {
          written.push(pictures)
          puts.push(pictures.map(({ camera, captureUs }) => ({ camera, ms: captureUs / 1000 })))
          await take()
        },
        close: async () => undefined,
      }),
      onDemand: () => undefined,
      read: async () => ({ width: 4, height: 2, data: new Uint8Array(24).fill(51) }),
    })
  })
  afterEach(() => {
    feed[Symbol.dispose]()
    expect(FakeVideoFrame.open).toBe(0)
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const offer = async (camera: string, ms: number): Promise<void> => {
    const frame = new VideoFrame(new Uint8Array(), {
      format: 'I420',
      codedWidth: 2,
      codedHeight: 2,
      timestamp: 0,
    })
    feed.offer(camera, { frame, captureUs: 1000 * ms, uncertaintyUs: 150 })
    frame.close()
    await vi.advanceTimersByTimeAsync(0)
  }

  it('does nothing while no policy asks', async () => {
    await offer('front', 0)
    expect(puts).toEqual([])
    expect(feed.fps).toBe(0)
    expect(feed.stats(0)).toBeNull()
  })

  it('sends the cameras of a tick together, at the pace that is asked for', async () => {
    onDemand(demand)
    expect(feed.fps).toBe(10)
    for (let ms = 0; ms < 400; ms += 33) {
      await offer('front', ms)
      await offer('wrist', ms + 2)
      await offer('side', ms)
    }
    expect(puts.map((tick) => tick.map(({ ms }) => ms))).toEqual([
      [0, 2],
      [99, 101],
      [198, 200],
      [297, 299],
      [396, 398],
    ])
  })

  it('fits pictures to the side, says what they were, and when', async () => {
    onDemand({ ...demand, cameras: ['front'] })
    await offer('front', 5)
    expect(written[0]?.[0]).toMatchObject({
      camera: 'front',
      captureUs: 5000,
      uncertaintyUs: 150,
      width: 4,
      height: 4,
      sourceWidth: 4,
      sourceHeight: 2,
    })
    expect([...(written[0]?.[0]?.planes.subarray(0, 8) ?? [])]).toEqual([
      0, 0, 0, 0, 13107, 13107, 13107, 13107,
    ])
  })

  it('sends at their own size what is not to be fitted', async () => {
    onDemand({ ...demand, cameras: ['front'], side: null })
    await offer('front', 5)
    expect(written[0]?.[0]).toMatchObject({ width: 4, height: 2 })
    expect(written[0]?.[0]?.planes.length).toBe(24)
  })

  it('does not wait long for a camera that is silent', async () => {
    onDemand(demand)
    await offer('front', 0)
    expect(puts).toEqual([])
    await vi.advanceTimersByTimeAsync(50)
    expect(puts).toEqual([[{ camera: 'front', ms: 0 }]])
  })

  it('sends the newest when the last was taken, and never two at once', async () => {
    let release = (): void => undefined
    take = () => new Promise((resolve) => (release = resolve))
    onDemand({ ...demand, cameras: ['front'] })
    for (const ms of [0, 100, 200, 300]) await offer('front', ms)
    expect(puts.flat().map(({ ms }) => ms)).toEqual([0])
    release()
    await vi.advanceTimersByTimeAsync(0)
    expect(puts.flat().map(({ ms }) => ms)).toEqual([0, 300])
  })

  it('asks again when the policy host is gone, and opens a new way there', async () => {
    onDemand({ ...demand, cameras: ['front'] })
    take = () => Promise.reject(new Error('gone'))
    await offer('front', 0)
    onEnd()
    await offer('front', 100)
    expect(puts).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(subscriptions).toBe(2)
    take = () => Promise.resolve()
    onDemand({ ...demand, cameras: ['front'] })
    await offer('front', 200)
    expect(puts).toHaveLength(2)
  })

  it('measures what it costs and how many pictures are taken', async () => {
    onDemand({ ...demand, cameras: ['front'] })
    for (const ms of [0, 100, 200]) await offer('front', ms)
    expect(feed.stats(200_000)).toMatchObject({ policyId: 'own/seer', fps: { front: 10 } })
    expect(feed.stats(200_000)?.costMs).toBeGreaterThanOrEqual(0)
  })
})
