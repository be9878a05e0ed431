/** What a request tells the policy of the running chunk, for real-time chunking (spec/internvla-a1.md §6.2). */
import type { ChunkLeftOver } from './chunk.ts'
import type { ChunkCourse } from './chunk-course.ts'
import type { ExecutorSettings } from './executor-settings.ts'

/** Before anything was measured. */
const usualLatencyUs = 100_000

/**
 * The rest of the course on the policy's step grid, beginning at the observation: the next action that is not executed yet is
 * row 0 of the new chunk, too. Null where nothing runs.
 * @param latencyUs what most answers stay below, warm-up left out
 */
export function leftOverOf(
  course: ChunkCourse,
  clockUs: number,
  latencyUs: number | null,
  { rtcHorizonRows, rtcSchedule: schedule }: ExecutorSettings,
): ChunkLeftOver | null {
  const { newest } = course
  if (newest === null) return null
  const { stepUs } = newest.trajectory
  const steps: number[][] = []
  for (let row = 0; row < newest.chunk.steps.length; row++) {
    const point = course.at(clockUs + row * stepUs)
    if (point === null) break
    steps.push(point.position)
  }
  if (steps.length === 0) return null
  return {
    steps,
    delayRows: Math.min(Math.ceil((latencyUs ?? usualLatencyUs) / stepUs), steps.length),
    horizonRows: Math.min(rtcHorizonRows ?? steps.length, steps.length),
    schedule,
  }
}
