/** Resident memory of this process and of those that compute for it. */
import { readFileSync } from 'node:fs'

const bytesPerMb = 1048576
const pageBytes = 4096

/**
 * Megabytes, null where a process cannot be looked at: other systems than Linux tell a process only of itself, and a sum
 * that leaves the largest part out would be a wrong number.
 */
export function residentMemoryMb(processIds: readonly number[]): number | null {
  let bytes = process.memoryUsage.rss()
  for (const id of processIds) {
    const more = residentBytes(id)
    if (more === null) return null
    bytes += more
  }
  return bytes / bytesPerMb
}

/** Second number of `/proc/PID/statm`, in pages of 4 KiB on every machine this program has a build for. */
function residentBytes(processId: number): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${processId}/statm`, 'utf8').split(' ')[1])
    return Number.isFinite(pages) ? pages * pageBytes : null
  } catch {
    return null
  }
}
