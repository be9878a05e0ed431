/** What the capture worker and its drawing worker say to each other. */
import type { WorldDescription } from '#contract/services/sim.ts'
import type { Fault } from '#core/result.ts'
import type { VirtualCamera } from './virtual-renderer.ts'

export type ToDraw =
  | { readonly t: 'world'; readonly world: WorldDescription; readonly cameras: readonly VirtualCamera[] }
  | { readonly t: 'draw'; readonly pose: Float64Array; readonly timestampUs: number }

export interface DrawnPicture {
  readonly name: string
  readonly frame: VideoFrame
}

/** One answer per message, in order. */
export type FromDraw =
  | { readonly t: 'world'; readonly fault: Fault | null }
  | { readonly t: 'drawn'; readonly pictures: readonly DrawnPicture[] }
