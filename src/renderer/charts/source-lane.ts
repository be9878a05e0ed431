/** Who drove since when, merged from telemetry: the band under the take's clock. What this page did not see stays empty. */
import type { TelemetryBatch } from '#contract/services/drive.ts'

export interface LaneSegment {
  readonly source: number
  /** Fractions of the shown time, 0…1. */
  readonly from: number
  readonly to: number
}

interface Span {
  readonly source: number
  readonly fromUs: number
  toUs: number
}

/** A pause in telemetry longer than this leaves a hole. */
const holeUs = 500_000
const maxSpans = 400

export class SourceLane {
  #spans: Span[] = []

  push(batch: TelemetryBatch): void {
    for (let i = 0; i < batch.timeUs.length; i += 1) {
      const timeUs = batch.timeUs[i] ?? 0
      const source = batch.source[i] ?? 0
      const last = this.#spans.at(-1)
      if (last !== undefined && timeUs < last.toUs) this.#spans = []
      else if (last !== undefined && timeUs - last.toUs <= holeUs) {
        last.toUs = timeUs
        if (last.source === source) continue
      }
      this.#spans.push({ source, fromUs: timeUs, toUs: timeUs })
    }
    if (this.#spans.length > maxSpans) this.#spans = this.#spans.slice(-maxSpans)
  }

  clear(): void {
    this.#spans = []
  }

  /** The part of the lane between two times, as fractions of it; empty when the range is. */
  segments(fromUs: number, toUs: number): readonly LaneSegment[] {
    const length = toUs - fromUs
    if (!(length > 0)) return []
    return this.#spans
      .filter((span) => span.toUs > fromUs && span.fromUs < toUs)
      .map((span) => ({
        source: span.source,
        from: Math.max(0, (span.fromUs - fromUs) / length),
        to: Math.min(1, (span.toUs - fromUs) / length),
      }))
  }
}
