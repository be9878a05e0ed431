/** The one face of every camera, drawn or real: it pushes pictures, each with the time at which it was true. */
import type { FrameGrid } from '#core/timeline/frame-grid.ts'

export interface Picture {
  /** Belongs to whoever receives the picture, who closes it. */
  readonly frame: VideoFrame
  /** Rig clock, microseconds. */
  readonly captureUs: number
  readonly uncertaintyUs: number
}

/** How often pictures are wanted. A real camera comes at its own pace and may ignore it. */
export type Pace =
  | { readonly kind: 'idle' }
  | { readonly kind: 'preview'; readonly fps: number }
  | { readonly kind: 'take'; readonly grid: FrameGrid }

export interface CameraSource extends Disposable {
  setPace(pace: Pace): void
}

export type OnPicture = (camera: string, picture: Picture) => void
