import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CameraConfig } from '#contract/services/rig.ts'
import type { Fault } from '#core/result.ts'
import { DeviceCameras } from '#renderer/capture/device-cameras.ts'

class FakeTrack extends EventTarget {
  isStopped = false
  stop(): void {
    this.isStopped = true
  }
}

class FakeMedia extends EventTarget {
  readonly asked: MediaStreamConstraints[] = []
  readonly tracks: FakeTrack[] = []
  refusal: string | null = null

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints)
    if (this.refusal !== null) throw new DOMException('no', this.refusal)
    const track = new FakeTrack()
    this.tracks.push(track)
    return { getVideoTracks: () => [track] } as unknown as MediaStream
  }
}

const camera = (name: string, more: Partial<CameraConfig> = {}): CameraConfig => ({
  name,
  kind: 'device',
  deviceId: `id-${name}`,
  width: 640,
  height: 480,
  ...more,
})

describe('DeviceCameras', () => {
  let media: FakeMedia
  let opened: string[]
  let lost: [string, Fault][]
  let cameras: DeviceCameras
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1)

  beforeEach(() => {
    vi.useFakeTimers()
    media = new FakeMedia()
    opened = []
    lost = []
    cameras = new DeviceCameras({
      media,
      onPictures: (name) => opened.push(name),
      onLost: (name, fault) => lost.push([name, fault]),
      picturesOf: () => new ReadableStream(),
    })
  })
  afterEach(() => {
    cameras[Symbol.dispose]()
    vi.useRealTimers()
  })

  it('asks for exactly the device and size of the rig', async () => {
    cameras.set([camera('left')], 30)
    await settle()
    expect(media.asked).toEqual([
      {
        audio: false,
        video: {
          deviceId: { exact: 'id-left' },
          width: { exact: 640 },
          height: { exact: 480 },
          frameRate: { ideal: 30 },
        },
      },
    ])
    expect(opened).toEqual(['left'])
  })

  it('leaves open cameras alone when others come, and closes those that are not wanted', async () => {
    cameras.set([camera('left')], 30)
    await settle()
    cameras.set([camera('left'), camera('right')], 30)
    await settle()
    expect(opened).toEqual(['left', 'right'])
    cameras.set([camera('right')], 30)
    expect(media.tracks.map((track) => track.isStopped)).toEqual([true, false])
  })

  it('opens a camera anew when its size changed', async () => {
    cameras.set([camera('left')], 30)
    await settle()
    cameras.set([camera('left', { width: 1280, height: 720 })], 30)
    await settle()
    expect(media.tracks.map((track) => track.isStopped)).toEqual([true, false])
  })

  it('does not ask again by itself after permission was refused', async () => {
    media.refusal = 'NotAllowedError'
    cameras.set([camera('left')], 30)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(media.asked).toHaveLength(1)
    expect(lost[0]?.[1].code).toBe('capture/denied')
  })

  it.each(['NotFoundError', 'NotReadableError', 'OverconstrainedError', 'UnknownError'])(
    'keeps trying after %s, and tells the camera’s name',
    async (refusal) => {
      media.refusal = refusal
      cameras.set([camera('left')], 30)
      await settle()
      expect(lost[0]?.[1]).toMatchObject({ code: 'capture/lost', data: { camera: 'left' } })
      media.refusal = null
      await vi.advanceTimersByTimeAsync(2500)
      expect(opened).toEqual(['left'])
    },
  )

  it('says that a pulled camera is gone and opens it again', async () => {
    cameras.set([camera('left')], 30)
    await settle()
    media.tracks[0]?.dispatchEvent(new Event('ended'))
    expect(lost[0]?.[1].code).toBe('capture/lost')
    await vi.advanceTimersByTimeAsync(2500)
    expect(opened).toEqual(['left', 'left'])
  })

  it('tries at once when a device was plugged in', async () => {
    media.refusal = 'NotFoundError'
    cameras.set([camera('left')], 30)
    await settle()
    media.refusal = null
    media.dispatchEvent(new Event('devicechange'))
    await settle()
    expect(opened).toEqual(['left'])
  })

  it('stops a camera that opens after it was closed', async () => {
    cameras.set([camera('left')], 30)
    cameras.set([], 30)
    await settle()
    expect(media.tracks[0]?.isStopped).toBe(true)
    expect(opened).toEqual([])
  })
})
