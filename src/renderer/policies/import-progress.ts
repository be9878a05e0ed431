/** How far an import is and how long its present step will take, reckoned from what this page saw of it. */
import type { ImportJob } from '#contract/services/policy-import.ts'

interface Seen {
  readonly step: ImportJob['step']
  readonly firstMs: number
  readonly firstDone: number
}

/** Less than this is too little to reckon with. */
const leastMs = 1000

/** 0…1 of a job's present step: by bytes where there are any, else by what the host says; null where neither is known. */
export function fractionOf(job: ImportJob): number | null {
  if (job.bytesTotal !== null && job.bytesTotal > 0) return Math.min(1, job.bytesDone / job.bytesTotal)
  return job.progress
}

export class ImportProgress {
  readonly #seen = new Map<string, Seen>()

  /** Seconds left of the present step; null while it cannot be told. `nowMs`: any steady clock. */
  secondsLeft(job: ImportJob, nowMs: number): number | null {
    const done = fractionOf(job)
    if (job.status !== 'running' || done === null) {
      this.#seen.delete(job.jobId)
      return null
    }
    const before = this.#seen.get(job.jobId)
    if (before === undefined || before.step !== job.step || done < before.firstDone) {
      this.#seen.set(job.jobId, { step: job.step, firstMs: nowMs, firstDone: done })
      return null
    }
    const [passedMs, gained] = [nowMs - before.firstMs, done - before.firstDone]
    return passedMs < leastMs || gained <= 0 ? null : ((1 - done) * passedMs) / gained / 1000
  }
}
