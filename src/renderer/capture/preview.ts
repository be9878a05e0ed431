/** Live pictures on the page's own canvases, drawn from this worker, so that a busy page thread never delays a take and pictures cost the page nothing. */

interface View {
  readonly camera: string
  readonly canvas: OffscreenCanvas
  readonly context: OffscreenCanvasRenderingContext2D
}

export class Previews {
  readonly #views = new Map<number, View>()

  add(id: number, camera: string, canvas: OffscreenCanvas): void {
    const context = canvas.getContext('2d', { alpha: false })
    if (context !== null) this.#views.set(id, { camera, canvas, context })
  }

  remove(id: number): void {
    this.#views.delete(id)
  }

  get isEmpty(): boolean {
    return this.#views.size === 0
  }

  draw(camera: string, frame: VideoFrame): void {
    for (const view of this.#views.values()) {
      if (view.camera !== camera) continue
      const { canvas, context } = view
      if (canvas.width !== frame.displayWidth) canvas.width = frame.displayWidth
      if (canvas.height !== frame.displayHeight) canvas.height = frame.displayHeight
      context.drawImage(frame, 0, 0)
    }
  }
}
