/**
 * Keeps a free-running camera away from the edge between two frames. When its pictures come almost exactly at grid times,
 * jitter alone would give one frame two pictures and the next none; looking half a frame further back gives each its own.
 */

/** Weight of a new picture in the running phase: about the last twenty count. */
const weight = 0.05
/** The camera's rate fits the grid's when its phases agree at least this well (length of their mean as unit vectors). */
const agreement = 0.7
/** Nearer to the edge than this part of a frame, the edge is moved. */
const tooNear = 1 / 8

export class PhaseGuard {
  readonly #periodUs: number
  #x = 0
  #y = 0
  #biasUs = 0

  /** `periodUs`: one frame of the grid. */
  constructor(periodUs: number) {
    this.#periodUs = periodUs
  }

  /** A frame takes pictures that are at least this much older than its grid time: 0, or half a frame. Microseconds. */
  get biasUs(): number {
    return this.#biasUs
  }

  /** `sinceGridUs`: the picture's capture time after any grid time. */
  observe(sinceGridUs: number): void {
    const angle = (2 * Math.PI * sinceGridUs) / this.#periodUs
    this.#x += weight * (Math.cos(angle) - this.#x)
    this.#y += weight * (Math.sin(angle) - this.#y)
    if (Math.hypot(this.#x, this.#y) < agreement) return
    const turns = Math.atan2(this.#y, this.#x) / (2 * Math.PI)
    const toGrid = Math.abs(turns)
    const toMiddle = 0.5 - toGrid
    const margin = this.#biasUs === 0 ? toGrid : toMiddle
    if (margin < tooNear) this.#biasUs = this.#biasUs === 0 ? this.#periodUs / 2 : 0
  }
}
