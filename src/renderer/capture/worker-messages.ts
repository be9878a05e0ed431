/** What the page and its capture worker say to each other. Both ends are one build, so types suffice. */
import type { CameraConfig } from '#contract/services/rig.ts'
import type { Fault } from '#core/result.ts'

/** How the worker reaches the hosts: a socket that it opens itself, or a port that the page hands over. */
export type WorkerTransport =
  { readonly kind: 'ws'; readonly url: string } | { readonly kind: 'port'; readonly port: MessagePort }

export type ToWorker =
  | { readonly t: 'connect'; readonly transport: WorkerTransport }
  | { readonly t: 'cameras'; readonly fps: number; readonly cameras: readonly CameraConfig[] }
  /** Only the driving page's worker takes orders for takes. */
  | { readonly t: 'capturing'; readonly isOn: boolean }
  /** A hidden page wants no previews; takes go on. */
  | { readonly t: 'visible'; readonly isOn: boolean }
  | { readonly t: 'view'; readonly id: number; readonly camera: string; readonly canvas: OffscreenCanvas }
  | { readonly t: 'unview'; readonly id: number }
  /** Pictures of a real camera: `MediaStreamTrackProcessor` exists in pages only, its stream travels. */
  | { readonly t: 'device'; readonly camera: string; readonly pictures: ReadableStream<VideoFrame> }
  | { readonly t: 'device-lost'; readonly camera: string; readonly fault: Fault }

export interface CameraStats {
  /** `waiting`: no picture yet. `stalled`: pictures stopped coming. `fault`: it cannot work, and `fault` says why. */
  readonly status: 'waiting' | 'live' | 'stalled' | 'fault'
  readonly fault: Fault | null
  /** Pictures per second over the last two seconds, measured. */
  readonly fps: number | null
  /** Age of the newest picture when it was ready to show, milliseconds; mean of the last second. */
  readonly ageMs: number | null
  readonly take: TakeStats | null
}

/** Of one camera in the running take. */
export interface TakeStats {
  readonly frames: number
  readonly repeats: number
  /** Grid time minus capture time, milliseconds, mean of the last second. */
  readonly skewMs: number | null
  /** e.g. `avc1.42E01E` */
  readonly encoder: string
  /** Frames that wait to be encoded or acknowledged. */
  readonly queue: number
}

/** Of the pictures that the loaded policy is shown. */
export interface PictureStats {
  readonly policyId: string
  /** Of each camera, pictures per second over the last two seconds, measured; null before the second one. */
  readonly fps: Readonly<Record<string, number | null>>
  /** Reading, converting and fitting one picture, milliseconds; mean of the last second, null before the first. */
  readonly costMs: number | null
}

export interface CaptureState {
  /** `lost`: the hosts cannot be reached from the worker; it keeps trying. */
  readonly connection: 'closed' | 'connecting' | 'open' | 'lost'
  readonly isCapturing: boolean
  readonly takeId: string | null
  /** Half width of the clock offset's bound, microseconds. */
  readonly clockUncertaintyUs: number | null
  readonly cameras: Readonly<Record<string, CameraStats>>
  /** Null while no policy asks for pictures here. */
  readonly pictures: PictureStats | null
}

export type FromWorker =
  | { readonly t: 'state'; readonly state: CaptureState }
  /** The connection is gone; the page answers with a new `connect`. */
  | { readonly t: 'lost' }
