/**
 * Thins the telemetry ring to what a plot can show. Samples are chosen by fixed buckets of rig time, so a moving window
 * picks the same ticks again and the line does not shimmer. Gaps in data stay gaps.
 */
import type { TelemetryRing } from './telemetry-ring.ts'

export interface SourceBand {
  readonly source: number
  readonly fromUs: number
  readonly toUs: number
}

/** Indices into the ring, oldest first: the first tick of each bucket of `stepUs` within the last `windowUs`. */
export function thinned(ring: TelemetryRing, windowUs: number, stepUs: number): readonly number[] {
  const newest = ring.newestUs()
  if (newest === null) return []
  const chosen: number[] = []
  let bucket = -1
  for (let i = 0; i < ring.length; i += 1) {
    const timeUs = ring.timeUs(i)
    if (timeUs < newest - windowUs) continue
    const now = Math.floor(timeUs / stepUs)
    if (now === bucket) continue
    bucket = now
    chosen.push(i)
  }
  return chosen
}

/** Who drove when, over the chosen samples; a pause longer than four steps ends a band. */
export function sourceBands(
  ring: TelemetryRing,
  indices: readonly number[],
  stepUs: number,
): readonly SourceBand[] {
  const bands: { source: number; fromUs: number; toUs: number }[] = []
  for (const index of indices) {
    const timeUs = ring.timeUs(index)
    const source = ring.source(index)
    const last = bands.at(-1)
    if (last !== undefined && timeUs - last.toUs <= 4 * stepUs) {
      last.toUs = timeUs
      if (last.source === source) continue
    }
    bands.push({ source, fromUs: timeUs, toUs: timeUs })
  }
  return bands
}

/** A finite value, or null, which plots as a gap. */
export const plotted = (value: number): number | null => (Number.isFinite(value) ? value : null)
