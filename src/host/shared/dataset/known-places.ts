/**
 * Where the numbers lie in files that were looked at before: reading a thousand footers again for every edit costs more than the
 * edit. What is remembered is never trusted: the values at a place are compared before it is given out.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { holdsRun, locateRuns, type NumberRun, type RunPlace } from './parquet-patch.ts'

interface Known {
  readonly ino: number
  readonly size: number
  readonly places: ReadonlyMap<string, RunPlace>
}

const known = new Map<string, Known>()
const maxKnown = 20_000
/** Files looked at between two turns of the event loop. */
const batchFiles = 16

/** As `locateRuns`, for a file. Throws the system's error. */
export function findRuns(path: string, runs: readonly NumberRun[]): RunPlace[] | null {
  return rememberedRuns(path, runs) ?? lookUp(path, runs)
}

/** Looks at files while nobody waits. Faults are the edit's to report. */
export async function warmPlaces(
  files: Iterable<{ readonly path: string; readonly runs: readonly NumberRun[] }>,
): Promise<void> {
  let count = 0
  for (const { path, runs } of files) {
    if (known.has(path)) continue
    try {
      lookUp(path, runs)
    } catch {
      return
    }
    if (++count % batchFiles === 0) await nextTurn()
  }
}

function rememberedRuns(path: string, runs: readonly NumberRun[]): RunPlace[] | null {
  const found = known.get(path)
  if (found === undefined) return null
  const file = openSync(path, 'r')
  try {
    const { ino, size } = fstatSync(file)
    if (ino !== found.ino || size !== found.size) return null
    const places: RunPlace[] = []
    for (const run of runs) {
      const place = found.places.get(run.column)
      if (place === undefined) return null
      const bytes = new Uint8Array(8 * place.rows)
      if (readSync(file, bytes, 0, bytes.length, place.offset) < bytes.length || !holdsRun(bytes, run))
        return null
      places.push(place)
    }
    return places
  } finally {
    closeSync(file)
  }
}

function lookUp(path: string, runs: readonly NumberRun[]): RunPlace[] | null {
  known.delete(path)
  const file = openSync(path, 'r')
  try {
    const places = locateRuns(readFileSync(file), runs)
    if (places === null) return null
    const { ino, size } = fstatSync(file)
    known.set(path, { ino, size, places: new Map(places.map((place, i) => [runs[i]?.column ?? '', place])) })
    for (const oldest of known.keys()) if (known.size > maxKnown) known.delete(oldest)
    return places
  } finally {
    closeSync(file)
  }
}
