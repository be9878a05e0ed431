/** How long ago the rig host was last heard. Past the limit the page must stop showing its last words as if they were true. */
export const silenceLimitMs = 800

export class Freshness {
  #heardMs: number

  constructor(nowMs: number) {
    this.#heardMs = nowMs
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs
  }

  /** Milliseconds of silence in steps of 100, or null while news are fresh. */
  silentMs(nowMs: number): number | null {
    const silent = nowMs - this.#heardMs
    return silent < silenceLimitMs ? null : Math.floor(silent / 100) * 100
  }
}
