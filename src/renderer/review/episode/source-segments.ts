/** Runs of rows with one source, in order and without gaps: the lane "who drove" and the tint behind the plots. */
import { sourceCode } from '#core/control/mode.ts'

export type SourceName = 'hold' | 'human' | 'policy' | 'blend'

export interface SourceSegment {
  readonly source: SourceName
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

const names: ReadonlyMap<number, SourceName> = new Map(
  (['hold', 'human', 'policy', 'blend'] as const).map((source) => [sourceCode[source], source]),
)

/** A code that no source has ends the run before it and makes none. */
export function sourceSegments(codes: ArrayLike<number> | null): readonly SourceSegment[] {
  const segments: { source: SourceName; from: number; to: number }[] = []
  for (let frame = 0; frame < (codes?.length ?? 0); frame += 1) {
    const source = names.get(codes?.[frame] ?? Number.NaN)
    const last = segments.at(-1)
    if (source === undefined) continue
    if (last !== undefined && last.source === source && last.to === frame) last.to = frame + 1
    else segments.push({ source, from: frame, to: frame + 1 })
  }
  return segments
}

export const sourceAt = (segments: readonly SourceSegment[], frame: number): SourceName | null =>
  segments.find(({ from, to }) => frame >= from && frame < to)?.source ?? null
