/** Live pictures on the page's own canvases, drawn from this worker, so that a busy page thread never delays a take and pictures cost the page nothing. */

import { isSoftwareGl } from '../scene/software-gl.ts'

/** Without a graphics card every change of a canvas costs a new composition of the page; takes come first. */
const softwareIntervalMs = 60

interface View {
  readonly camera: string
  readonly canvas: OffscreenCanvas
  readonly context: OffscreenCanvasRenderingContext2D
  notBeforeMs: number
}

export class Previews {
  readonly #views = new Map<number, View>()

  add(id: number, camera: string, canvas: OffscreenCanvas): void {
    const context = canvas.getContext('2d', { alpha: false })
    if (context !== null) this.#views.set(id, { camera, canvas, context, notBeforeMs: 0 })
  }

  remove(id: number): void {
    this.#views.delete(id)
  }

  get isEmpty(): boolean {
    return this.#views.size === 0
  }

  /** `nowMs`: any steady clock. */
  draw(camera: string, frame: VideoFrame, nowMs: number): void {
    for (const view of this.#views.values()) {
      if (view.camera !== camera || nowMs < view.notBeforeMs) continue
      if (isSoftwareGl()) view.notBeforeMs = nowMs + softwareIntervalMs
      const { canvas, context } = view
      if (canvas.width !== frame.displayWidth) canvas.width = frame.displayWidth
      if (canvas.height !== frame.displayHeight) canvas.height = frame.displayHeight
      context.drawImage(frame, 0, 0)
    }
  }
}
