/** Remembers since when each cause has been shown, so that a screen can say how long it lasts. */
export class SinceWhen {
  readonly #since = new Map<string, number>()
  #asked = new Set<string>()
  #nowUs = 0

  /** A new snapshot begins: what was not asked for in the last one is forgotten. */
  begin(nowUs: number): void {
    for (const code of this.#since.keys()) if (!this.#asked.has(code)) this.#since.delete(code)
    this.#asked = new Set()
    this.#nowUs = nowUs
  }

  of(code: string): number {
    this.#asked.add(code)
    const known = this.#since.get(code)
    if (known !== undefined) return known
    this.#since.set(code, this.#nowUs)
    return this.#nowUs
  }
}
