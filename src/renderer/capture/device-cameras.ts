/**
 * Real cameras, as far as they live in the page: permission, opening by device id, noticing that one is gone and opening it
 * again when it comes back. Pictures go straight to the worker; the page never touches one.
 */
import type { CameraConfig } from '#contract/services/rig.ts'
import type { Fault } from '#core/result.ts'

export interface DeviceCamerasOptions {
  readonly media: Pick<MediaDevices, 'getUserMedia' | 'addEventListener' | 'removeEventListener'>
  readonly onPictures: (camera: string, pictures: ReadableStream<VideoFrame>) => void
  readonly onLost: (camera: string, fault: Fault) => void
  /** Pictures of a track; replaced in tests, where no browser is. */
  readonly picturesOf?: (track: MediaStreamTrack) => ReadableStream<VideoFrame>
}

const retryMs = 2000

/** `MediaStreamTrackProcessor` is Chromium's and not in TypeScript's library. */
declare class MediaStreamTrackProcessor {
  constructor(init: { track: MediaStreamTrack; maxBufferSize?: number })
  readonly readable: ReadableStream<VideoFrame>
}

const processorOf = (track: MediaStreamTrack): ReadableStream<VideoFrame> =>
  new MediaStreamTrackProcessor({ track, maxBufferSize: 3 }).readable

interface Open {
  readonly config: CameraConfig
  track: MediaStreamTrack | null
  timer: ReturnType<typeof setTimeout> | null
  isClosed: boolean
}

export class DeviceCameras implements Disposable {
  readonly #options: DeviceCamerasOptions
  readonly #open = new Map<string, Open>()
  #fps = 30

  constructor(options: DeviceCamerasOptions) {
    this.#options = options
    options.media.addEventListener('devicechange', this.#onDeviceChange)
  }

  /** Opens and closes cameras until exactly these are open; others of the same settings stay as they are. */
  set(cameras: readonly CameraConfig[], fps: number): void {
    const isSame = (a: CameraConfig, b: CameraConfig): boolean =>
      a.deviceId === b.deviceId && a.width === b.width && a.height === b.height && fps === this.#fps
    for (const [name, open] of this.#open) {
      const wanted = cameras.find((camera) => camera.name === name)
      if (wanted === undefined || !isSame(wanted, open.config)) this.#close(name)
    }
    this.#fps = fps
    for (const config of cameras) {
      if (this.#open.has(config.name)) continue
      const open: Open = { config, track: null, timer: null, isClosed: false }
      this.#open.set(config.name, open)
      void this.#start(open)
    }
  }

  [Symbol.dispose](): void {
    this.#options.media.removeEventListener('devicechange', this.#onDeviceChange)
    for (const name of this.#open.keys()) this.#close(name)
  }

  #close(name: string): void {
    const open = this.#open.get(name)
    this.#open.delete(name)
    if (open === undefined) return
    open.isClosed = true
    if (open.timer !== null) clearTimeout(open.timer)
    open.track?.stop()
  }

  async #start(open: Open): Promise<void> {
    const { name, deviceId, width, height } = open.config
    open.timer = null
    try {
      const stream = await this.#options.media.getUserMedia({
        audio: false,
        video: {
          ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
          width: { exact: width },
          height: { exact: height },
          frameRate: { ideal: this.#fps },
        },
      })
      const [track] = stream.getVideoTracks()
      if (track === undefined) throw new Error('the camera gave no video track')
      if (open.isClosed) {
        track.stop()
        return
      }
      open.track = track
      track.addEventListener('ended', () => this.#onEnded(open))
      this.#options.onPictures(name, (this.#options.picturesOf ?? processorOf)(track))
    } catch (error) {
      if (open.isClosed) return
      const fault = faultOf(error, open.config)
      this.#options.onLost(name, fault)
      // A refusal is the user's word; only a new set of cameras or a change of devices asks again.
      if (fault.code !== 'capture/denied') this.#retry(open)
    }
  }

  #onEnded(open: Open): void {
    if (open.isClosed) return
    open.track = null
    const { name } = open.config
    this.#options.onLost(name, {
      code: 'capture/lost',
      message: `camera ${name} is gone`,
      data: { camera: name },
    })
    this.#retry(open)
  }

  #retry(open: Open): void {
    if (open.timer === null) open.timer = setTimeout(() => void this.#start(open), retryMs)
  }

  readonly #onDeviceChange = (): void => {
    for (const open of this.#open.values()) {
      if (open.track !== null || open.timer === null) continue
      clearTimeout(open.timer)
      void this.#start(open)
    }
  }
}

/** What getUserMedia's error names mean to the person in front of it. */
function faultOf(error: unknown, { name, width, height }: CameraConfig): Fault {
  const kind = error instanceof Error ? error.name : ''
  const data = { camera: name, width, height, kind }
  switch (kind) {
    case 'NotAllowedError':
    case 'SecurityError':
      return { code: 'capture/denied', message: `camera ${name}: permission was refused`, data }
    case 'NotFoundError':
      return { code: 'capture/lost', message: `camera ${name} is not connected to this computer`, data }
    case 'NotReadableError':
    case 'AbortError':
      return { code: 'capture/lost', message: `camera ${name} is in use by another program`, data }
    case 'OverconstrainedError':
      return {
        code: 'capture/lost',
        message: `camera ${name} is not connected, or does not offer ${width}×${height}`,
        data,
      }
    default:
      return {
        code: 'capture/lost',
        message: `camera ${name}: ${error instanceof Error ? error.message : String(error)}`,
        data,
      }
  }
}
