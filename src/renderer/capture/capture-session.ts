/**
 * Everything the capture worker does, apart from how messages reach it: tracks for the rig's cameras, sources that feed
 * them, the recorder's orders, and the state that the page shows. Invariant: at most one take is open; those that were
 * stopped deliver their last frames beside it.
 */
import type { CaptureOrder } from '#contract/services/record.ts'
import type { CameraConfig } from '#contract/services/rig.ts'
import type { Fault } from '#core/result.ts'
import type { CameraSource, Pace, Picture } from './camera-source.ts'
import { CameraTrack, copyOf } from './camera-track.ts'
import { DeviceSource } from './device-source.ts'
import { EncoderChoice } from './encoder-config.ts'
import { HostLink } from './host-link.ts'
import { PictureFeed } from './picture-feed.ts'
import { Previews } from './preview.ts'
import { rgbOfFrame } from './rgb-of-frame.ts'
import { RigClock } from './rig-clock.ts'
import { Take } from './take.ts'
import { VirtualSource } from './virtual-source.ts'
import type { CameraStats, CaptureState, FromWorker, ToWorker } from './worker-messages.ts'

const stateEveryMs = 250
const pumpEveryMs = 10

export class CaptureSession {
  readonly #post: (message: FromWorker) => void
  readonly #clock = new RigClock(() => performance.now() * 1000)
  readonly #previews = new Previews()
  readonly #encoders = new EncoderChoice()
  readonly #tracks = new Map<string, CameraTrack>()
  readonly #devices = new Map<string, DeviceSource>()
  #virtual: CameraSource | null = null
  #cameras: readonly CameraConfig[] = []
  #fps = 30
  #link: HostLink | null = null
  #connection: CaptureState['connection'] = 'closed'
  #isCapturing = false
  #isVisible = true
  #orders: Disposable | null = null
  #feed: PictureFeed | null = null
  #take: Take | null = null
  readonly #ending = new Set<Take>()
  #pump: ReturnType<typeof setInterval> | null = null

  constructor(post: (message: FromWorker) => void) {
    this.#post = post
    setInterval(() => this.#report(), stateEveryMs)
  }

  receive(message: ToWorker): void {
    switch (message.t) {
      case 'connect':
        return this.#connect(message.transport)
      case 'cameras':
        this.#fps = message.fps
        this.#cameras = message.cameras
        for (const { width, height } of message.cameras)
          void this.#encoders.choose({ width, height, fps: message.fps })
        return this.#rebuild()
      case 'capturing':
        this.#isCapturing = message.isOn
        this.#followDemand()
        return this.#followOrders()
      case 'visible':
        this.#isVisible = message.isOn
        return this.#repace()
      case 'view':
        return this.#addView(message)
      case 'unview':
        this.#previews.remove(message.id)
        return this.#repace()
      case 'device':
        return this.#addDevice(message.camera, message.pictures)
      case 'device-lost':
        return this.#loseCamera(message.camera, message.fault)
    }
  }

  #connect(how: Extract<ToWorker, { t: 'connect' }>['transport']): void {
    this.#drop()
    this.#connection = 'connecting'
    const link = new HostLink(
      how,
      () => {
        this.#connection = 'open'
        this.#clock.start(async (clientUs) => (await link.hosts.drive.ping({ clientUs })).rigUs)
        this.#rebuild()
        this.#followDemand()
        this.#followOrders()
        this.#report()
      },
      () => {
        this.#drop()
        this.#connection = 'lost'
        this.#report()
        this.#post({ t: 'lost' })
      },
    )
    this.#link = link
  }

  /** Ends all that depends on the connection. The recorder closes a take that its page lost. */
  #drop(): void {
    this.#clock.stop()
    this.#orders?.[Symbol.dispose]()
    this.#orders = null
    this.#feed?.[Symbol.dispose]()
    this.#feed = null
    this.#dropTakes()
    this.#link?.[Symbol.dispose]()
    this.#link = null
    this.#connection = 'closed'
  }

  #rebuild(): void {
    const names = new Set(this.#cameras.map((camera) => camera.name))
    for (const [name, track] of this.#tracks) {
      if (names.has(name)) continue
      track[Symbol.dispose]()
      this.#tracks.delete(name)
      this.#devices.get(name)?.[Symbol.dispose]()
      this.#devices.delete(name)
    }
    for (const name of names) if (!this.#tracks.has(name)) this.#tracks.set(name, new CameraTrack(name))
    this.#virtual?.[Symbol.dispose]()
    this.#virtual = this.#makeVirtual()
    this.#repace()
  }

  #makeVirtual(): CameraSource | null {
    const cameras = this.#cameras.filter((camera) => camera.kind === 'virtual')
    const { sim } = this.#link?.hosts ?? {}
    if (cameras.length === 0 || sim === undefined || this.#connection !== 'open') return null
    return new VirtualSource({
      cameras,
      onPicture: this.#onPicture,
      onFault: (camera, fault) => this.#tracks.get(camera)?.fail(fault),
      nowUs: () => this.#clock.now()?.us ?? null,
      describe: () => sim.describe(null),
      poses: (maxHz, onPose, onEnd) => sim.poses({ maxHz }, onPose, onEnd),
    })
  }

  #addDevice(camera: string, pictures: ReadableStream<VideoFrame>): void {
    this.#devices.get(camera)?.[Symbol.dispose]()
    this.#devices.set(
      camera,
      new DeviceSource({
        camera,
        pictures,
        clock: this.#clock,
        onPicture: this.#onPicture,
        onFault: (name, fault) => this.#tracks.get(name)?.fail(fault),
      }),
    )
  }

  #loseCamera(camera: string, fault: Fault): void {
    this.#devices.get(camera)?.[Symbol.dispose]()
    this.#devices.delete(camera)
    this.#tracks.get(camera)?.fail(fault)
    for (const take of this.#takes()) take.lose(camera)
    this.#report()
  }

  #addView(message: Extract<ToWorker, { t: 'view' }>): void {
    this.#previews.add(message.id, message.camera, message.canvas)
    const latest = this.#tracks.get(message.camera)?.latest
    if (latest !== null && latest !== undefined)
      this.#previews.draw(message.camera, latest.frame, performance.now())
    this.#repace()
  }

  readonly #onPicture = (camera: string, picture: Picture): void => {
    const track = this.#tracks.get(camera)
    const nowUs = this.#clock.now()?.us
    if (track === undefined || nowUs === undefined) {
      picture.frame.close()
      return
    }
    track.push(picture, nowUs)
    for (const take of this.#takes()) {
      take.push(camera, copyOf(picture))
      take.pump(nowUs)
    }
    this.#feed?.offer(camera, picture)
    if (this.#isVisible) this.#previews.draw(camera, picture.frame, performance.now())
  }

  /** Pictures are drawn for a take, for someone who looks, or for a policy. */
  #pace(): Pace {
    const take = this.#takes().at(-1)
    if (take !== undefined) return { kind: 'take', grid: take.grid }
    const shown = this.#isVisible && !this.#previews.isEmpty ? this.#fps : 0
    const fps = Math.max(shown, Math.ceil(this.#feed?.fps ?? 0))
    return fps > 0 ? { kind: 'preview', fps } : { kind: 'idle' }
  }

  #repace(): void {
    this.#virtual?.setPace(this.#pace())
  }

  /** The page that captures shows the loaded policy what it wants to see. */
  #followDemand(): void {
    this.#feed?.[Symbol.dispose]()
    this.#feed = null
    const { pictures } = this.#link?.hosts ?? {}
    if (this.#isCapturing && pictures !== undefined && this.#connection === 'open')
      this.#feed = new PictureFeed({
        follow: (onDemand, onEnd) => pictures.demand(null, onDemand, onEnd),
        openSink: () => pictures.put(null),
        onDemand: () => this.#repace(),
        read: rgbOfFrame,
      })
    this.#repace()
  }

  #followOrders(): void {
    this.#orders?.[Symbol.dispose]()
    this.#orders = null
    if (!this.#isCapturing) this.#dropTakes()
    if (!this.#isCapturing || this.#link === null || this.#connection !== 'open') return
    const link = this.#link
    this.#orders = link.hosts.record.orders(
      null,
      (order) => this.#onOrder(order),
      () => {
        this.#orders = null
        this.#dropTakes()
        // The rig host restarted or another page captures; asking again tells which.
        setTimeout(() => {
          if (this.#link === link && this.#orders === null) this.#followOrders()
        }, 1000)
      },
    )
  }

  #onOrder(order: CaptureOrder): void {
    if (order.kind === 'stop') {
      if (this.#take?.order.takeId === order.takeId) this.#stopTake(this.#take, order.frames)
      return
    }
    this.#take?.[Symbol.dispose]()
    const hosts = this.#link?.hosts
    if (hosts === undefined) return
    const take = new Take(order, {
      openSink: (request) => hosts.record.video(request),
      isFreeRunning: (name) => this.#cameras.find((camera) => camera.name === name)?.kind === 'device',
      chooseEncoder: (format) => this.#encoders.choose(format),
      recent: (camera) => this.#tracks.get(camera)?.copies() ?? [],
      onFault: (camera, fault) => this.#tracks.get(camera)?.fail(fault),
      onOver: () => this.#forget(take),
    })
    this.#take = take
    this.#pump ??= setInterval(() => this.#pumpTakes(), pumpEveryMs)
    this.#repace()
    void take.begin()
  }

  #takes(): readonly Take[] {
    return this.#take === null ? [...this.#ending] : [...this.#ending, this.#take]
  }

  #pumpTakes(): void {
    const nowUs = this.#clock.now()?.us
    if (nowUs !== undefined) for (const take of this.#takes()) take.pump(nowUs)
  }

  /** The next take may start before this one has delivered its last frames. */
  #stopTake(take: Take, frames: number): void {
    take.stop(frames)
    this.#ending.add(take)
    this.#take = null
    this.#repace()
  }

  #forget(take: Take): void {
    take[Symbol.dispose]()
    this.#ending.delete(take)
    if (this.#take === take) this.#take = null
    if (this.#takes().length === 0 && this.#pump !== null) {
      clearInterval(this.#pump)
      this.#pump = null
    }
    this.#repace()
  }

  #dropTakes(): void {
    for (const take of this.#takes()) this.#forget(take)
  }

  #report(): void {
    const now = this.#clock.now()
    const isPaced = this.#pace().kind !== 'idle'
    const cameras: Record<string, CameraStats> = {}
    for (const [name, track] of this.#tracks)
      cameras[name] = track.stats(now?.us ?? 0, isPaced, this.#take?.stats(name) ?? null)
    this.#post({
      t: 'state',
      state: {
        connection: this.#connection,
        isCapturing: this.#isCapturing,
        takeId: this.#take?.order.takeId ?? null,
        clockUncertaintyUs: now?.uncertaintyUs ?? null,
        cameras,
        pictures: this.#feed?.stats(now?.us ?? 0) ?? null,
      },
    })
  }
}
