/** What the capturing page is asked for, so that the loaded policy sees what it wants. */
import type { PictureDemand } from '#contract/services/pictures.ts'
import type { PictureWish } from '../picture-source.ts'

/** Divides the history of 15 ticks, so that the past picture lies on the same grid as the present one. */
const sparseTicks = 3
/** Above this edge the pictures of every tick are too much for a page: three cameras at 448² are 108 MB/s at 30 Hz. */
const largeSide = 300

/**
 * Null when no camera is wanted.
 * @param cores of this machine; with one or two, drawing, encoding and computing compete
 */
export function pictureDemandOf(wish: PictureWish | null, cores: number): PictureDemand {
  const cameras = [...new Set(Object.values(wish?.cameras ?? {}))]
  if (wish === null || cameras.length === 0) return null
  const { side, historyTicks } = wish.need
  const isSparse = (cores <= 2 || side === null || side > largeSide) && historyTicks % sparseTicks === 0
  return { policyId: wish.policyId, cameras, side, fps: wish.fps, everyTicks: isSparse ? sparseTicks : 1 }
}
