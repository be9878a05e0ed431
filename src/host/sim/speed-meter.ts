/** Simulated seconds per real second over the last second or so: below 1 the machine is too slow. */
const windowUs = 1_000_000
const sampleUs = 100_000

export class SpeedMeter {
  readonly #samples: { readonly realUs: number; readonly simUs: number }[] = []

  /** Takes note of both clocks; cheap enough for every step. */
  note(realUs: number, simUs: number): void {
    const last = this.#samples.at(-1)
    if (last !== undefined && realUs - last.realUs < sampleUs) return
    this.#samples.push({ realUs, simUs })
    while (this.#samples.length > 2 && realUs - (this.#samples[0]?.realUs ?? realUs) > windowUs)
      this.#samples.shift()
  }

  /** 1 until there is something to measure. */
  get speed(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (first === undefined || last === undefined || last.realUs === first.realUs) return 1
    return (last.simUs - first.simUs) / (last.realUs - first.realUs)
  }
}
