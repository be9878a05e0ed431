/** What a policy is about to do, for the ghost of the arm and the dots in the plots. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { ActionChunk } from './chunk.ts'
import type { ChunkCourse } from './chunk-course.ts'

/** The rows that are ahead and when each is due; while another source drives, as if the arm were given now. */
export interface ChunkPlan {
  readonly chunkId: number
  /** Rows of the whole chunk. */
  readonly length: number
  readonly timesUs: readonly number[]
  readonly steps: readonly JointVector[]
}

/** The course as it will be executed from `clockUs` on, rows on the newest chunk's own grid; null where nothing is ahead. */
export function planAhead(course: ChunkCourse, nowUs: number, clockUs: number): ChunkPlan | null {
  const { newest } = course
  if (newest === null) return null
  const { chunk, originUs } = newest
  const timesUs: number[] = []
  const steps: JointVector[] = []
  for (
    let row = Math.max(0, Math.ceil((clockUs - originUs) / chunk.stepUs));
    row < chunk.steps.length;
    row++
  ) {
    const dueUs = originUs + row * chunk.stepUs
    const point = course.at(dueUs)
    if (point === null) break
    timesUs.push(nowUs + dueUs - clockUs)
    steps.push(point.position)
  }
  return { chunkId: chunk.origin?.chunkId ?? 0, length: chunk.steps.length, timesUs, steps }
}

/** A chunk that nobody follows yet. */
export const planFromNow = (chunk: ActionChunk, nowUs: number): ChunkPlan => ({
  chunkId: chunk.origin?.chunkId ?? 0,
  length: chunk.steps.length,
  timesUs: chunk.steps.map((_, row) => nowUs + row * chunk.stepUs),
  steps: chunk.steps,
})
