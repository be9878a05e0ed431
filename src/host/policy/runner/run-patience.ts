/**
 * How long a runner may be silent before it counts as frozen: a process that was stopped, or a graphics card that hangs,
 * never answers and never ends. What it usually takes is measured; before that only an upper bound is known.
 */

/** Opening reads gigabytes from a disk that may be a network's, and the first run of a GPU compiles its kernels. */
const unknownMs = 15 * 60_000
/** A machine that swaps or wakes from sleep is slow for a while. */
const leastMs = 30_000
const times = 20

export class RunPatience {
  private longestMs: number | null = null

  /** A run that was answered, milliseconds of computing. */
  note(computeMs: number): void {
    this.longestMs = Math.max(this.longestMs ?? 0, computeMs)
  }

  /** Milliseconds from question to answer. */
  limitMs(op: 'open' | 'run' | 'close'): number {
    return op === 'open' || this.longestMs === null ? unknownMs : Math.max(leastMs, times * this.longestMs)
  }
}
