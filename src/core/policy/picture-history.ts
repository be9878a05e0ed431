/**
 * The pictures of one camera as they were observed, oldest first, and which of them a policy is to see. Histories count
 * ticks that were observed (spec/internvla-a1.md §1.1): across a gap in the stream there is none, and where too few
 * pictures exist the oldest stands in.
 */

export interface SeenPicture<P> {
  /** When it was taken, machine clock. */
  readonly captureUs: number
  readonly uncertaintyUs: number
  readonly picture: P
}

export class PictureHistory<P> {
  private readonly keptUs: number
  private seen: SeenPicture<P>[] = []

  /** @param keptUs pictures older than the newest by more than this are dropped */
  constructor(keptUs: number) {
    this.keptUs = keptUs
  }

  get newest(): SeenPicture<P> | null {
    return this.seen.at(-1) ?? null
  }

  /** Oldest first. */
  get all(): readonly SeenPicture<P>[] {
    return this.seen
  }

  /** False for a picture that is not newer than the newest: it is left out. */
  add(seen: SeenPicture<P>): boolean {
    if (seen.captureUs <= (this.newest?.captureUs ?? -Infinity)) return false
    this.seen.push(seen)
    const oldestUs = seen.captureUs - this.keptUs
    while ((this.seen[0]?.captureUs ?? oldestUs) < oldestUs) this.seen.shift()
    return true
  }

  /** The newest picture that can have been taken at or before `timeUs`, as far as its capture time is known. */
  at(timeUs: number): SeenPicture<P> | null {
    return this.seen.findLast(({ captureUs, uncertaintyUs }) => captureUs - uncertaintyUs <= timeUs) ?? null
  }

  /**
   * The picture that was present `backUs` before `present`, itself one of these. Within half a `periodUs` the nearest
   * counts: capture times jitter. Of a stream that has not run that long without a gap, the oldest picture since the gap.
   */
  before(
    present: SeenPicture<P>,
    backUs: number,
    { periodUs, gapUs }: { readonly periodUs: number; readonly gapUs: number },
  ): SeenPicture<P> {
    const latestUs = present.captureUs - backUs + periodUs / 2
    let found = present
    for (let index = this.seen.indexOf(present) - 1; index >= 0; index--) {
      const earlier = this.seen[index]
      if (earlier === undefined || found.captureUs - earlier.captureUs > gapUs) return found
      if (found.captureUs <= latestUs) return found
      found = earlier
    }
    return found
  }

  /** The picture taken nearest to `timeUs`. */
  nearest(timeUs: number): SeenPicture<P> | null {
    let found: SeenPicture<P> | null = null
    const distance = ({ captureUs }: SeenPicture<P>): number => Math.abs(captureUs - timeUs)
    for (const seen of this.seen) if (found === null || distance(seen) < distance(found)) found = seen
    return found
  }
}
