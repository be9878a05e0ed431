/** A page with nothing but the parts under test, driven from the test through `window.harness`. */
import { CaptureController } from '#renderer/capture/capture-controller.ts'
import type { CameraConfig } from '#contract/services/rig.ts'
import '#renderer/ui/tokens.css'
import { decodeVideo } from './decode.ts'
import type { HostCommand, HostReply } from './host-messages.ts'
import { showTwin, type TwinCall, type TwinSetup } from './twin.ts'
import { addFile, drawFrames, makeVideo, openVideo, refuseReads, scrub, thumbnails } from './video.ts'

const host = new Worker(new URL('./fake-host.worker.ts', import.meta.url), { type: 'module' })
const tell = (command: HostCommand, transfer: Transferable[] = []): void =>
  host.postMessage(command, transfer)
const look = async (): Promise<HostReply> => {
  const reply = new Promise<HostReply>((done) =>
    host.addEventListener('message', (event: MessageEvent<HostReply>) => done(event.data), { once: true }),
  )
  tell({ t: 'look' })
  return reply
}

/** Tracks that the page opened, so that a test can pull a camera's plug. */
const tracks: MediaStreamTrack[] = []
const media = navigator.mediaDevices
const openCamera = media.getUserMedia.bind(media)
media.getUserMedia = async (constraints) => {
  const stream = await openCamera(constraints)
  tracks.push(...stream.getVideoTracks())
  return stream
}

let twinCalls: readonly TwinCall[] = []
const controller = new CaptureController()
const views = document.getElementById('views')

const harness = {
  start(cameras: readonly CameraConfig[], fps: number): void {
    controller.start(cameras, fps, () => {
      const { port1, port2 } = new MessageChannel()
      tell({ t: 'port', port: port2 }, [port2])
      return { kind: 'port', port: port1 }
    })
    controller.setCapturing(true)
  },
  show(camera: string): void {
    if (views === null) return
    const place = document.createElement('div')
    place.style.cssText = 'position:relative;object-fit:contain'
    views.append(place)
    controller.show(camera, place)
  },
  twin(setup: TwinSetup, theme: 'dark' | 'light'): void {
    document.documentElement.dataset['theme'] = theme
    if (views !== null) views.style.display = 'none'
    const place = document.createElement('div')
    place.className = 'twin-place'
    document.body.prepend(place)
    twinCalls = showTwin(place, setup)
  },
  twinCalls: () => twinCalls,
  async fetchFile(file: string, url: string): Promise<void> {
    addFile(file, new Uint8Array(await (await fetch(url)).arrayBuffer()))
  },
  async makeFile(file: string, frames: number, keyInterval: number): Promise<void> {
    addFile(file, await makeVideo(frames, keyInterval))
  },
  brokenFile(file: string): void {
    addFile(file, new Uint8Array(5000).fill(7))
  },
  openVideo,
  drawFrames,
  scrub,
  thumbnails,
  refuseReads,
  state: () => controller.getState(),
  async deviceIds() {
    // Ids are told only to pages that were once allowed to use a camera.
    const stream = await openCamera({ video: true })
    for (const track of stream.getTracks()) track.stop()
    const devices = await media.enumerateDevices()
    return devices.filter((device) => device.kind === 'videoinput').map((device) => device.deviceId)
  },
  /** As when the camera's cable is pulled. */
  endTrack(index: number): void {
    const track = tracks[index]
    track?.stop()
    track?.dispatchEvent(new Event('ended'))
  },
  tell,
  async nowUs() {
    return (await look()).nowUs
  },
  async capturers() {
    return (await look()).capturers
  },
  /** Blocks this page's thread, as a heavy screen would. */
  stall(ms: number): void {
    const end = performance.now() + ms
    while (performance.now() < end);
  },
  /** What the recorder got, without the bytes. */
  async received() {
    const { videos } = await look()
    return videos.map(({ items, description, ...video }) => ({
      ...video,
      descriptionLength: description.length,
      items: items.map(({ data, histogram, ...item }) => ({
        ...item,
        bytes: data.length,
        histogramSum: histogram?.slice(0, 256).reduce((sum, count) => sum + count, 0) ?? null,
      })),
    }))
  },
  async decoded(camera: string, takeId: string) {
    const { videos } = await look()
    const video = videos.find((v) => v.camera === camera && v.takeId === takeId)
    return video === undefined ? null : decodeVideo(video)
  },
}

export type Harness = typeof harness
Object.assign(globalThis, { harness })
