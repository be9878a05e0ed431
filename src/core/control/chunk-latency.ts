/** How long a chunk takes from request to arrival, over the last few answers. The first, a warm-up, is left out. */

const windowSize = 32

export class ChunkLatency {
  private readonly windowUs: number[] = []
  /** Of the warm-up; null before it. */
  firstUs: number | null = null

  add(latencyUs: number): void {
    if (this.firstUs === null) {
      this.firstUs = latencyUs
      return
    }
    this.windowUs.push(latencyUs)
    if (this.windowUs.length > windowSize) this.windowUs.shift()
  }

  /** The `fraction` quantile (nearest rank), or null before the second answer. */
  quantileUs(fraction: number): number | null {
    if (this.windowUs.length === 0) return null
    const sorted = this.windowUs.toSorted((a, b) => a - b)
    return sorted[Math.min(Math.ceil(fraction * sorted.length), sorted.length) - 1] ?? sorted[0] ?? null
  }
}
