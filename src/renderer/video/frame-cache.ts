/** Decoded pictures by frame number, the least recently used given up first. Owns what it holds. */

export class FrameCache<P> implements Disposable {
  readonly #limit: number
  readonly #close: (picture: P) => void
  /** In the order of use, oldest first. */
  readonly #pictures = new Map<number, P>()

  constructor(limit: number, close: (picture: P) => void) {
    this.#limit = limit
    this.#close = close
  }

  get size(): number {
    return this.#pictures.size
  }

  has(frame: number): boolean {
    return this.#pictures.has(frame)
  }

  /** Stays ours; valid until the next `set`. */
  get(frame: number): P | null {
    const picture = this.#pictures.get(frame)
    if (picture === undefined) return null
    this.#pictures.delete(frame)
    this.#pictures.set(frame, picture)
    return picture
  }

  /** Takes over a picture. */
  set(frame: number, picture: P): void {
    const before = this.#pictures.get(frame)
    if (before !== undefined) this.#close(before)
    this.#pictures.delete(frame)
    this.#pictures.set(frame, picture)
    for (const [oldest, old] of this.#pictures) {
      if (this.#pictures.size <= this.#limit) return
      this.#pictures.delete(oldest)
      this.#close(old)
    }
  }

  [Symbol.dispose](): void {
    for (const picture of this.#pictures.values()) this.#close(picture)
    this.#pictures.clear()
  }
}
