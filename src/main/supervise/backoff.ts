/** How long to wait before a host that died is started again: doubling, bounded, forgotten once it has lived a while. */
const firstMs = 250
const lastMs = 8000

export interface Backoff {
  /** Milliseconds until the next start; each call without `reset` doubles it, up to 8 s. */
  next(): number
  reset(): void
}

export function createBackoff(): Backoff {
  let delayMs = firstMs
  return {
    next: () => {
      const current = delayMs
      delayMs = Math.min(lastMs, delayMs * 2)
      return current
    },
    reset: () => {
      delayMs = firstMs
    },
  }
}
