/** Surprise as it was measured while the episode was recorded, 0 to 1; frames without a score are gaps. */
import { useCallback, type ReactNode } from 'react'
import { surpriseKey } from '#core/dataset/feature.ts'
import { fixed } from '../../../i18n/figures.ts'
import { useMessages } from '../../../i18n/language.tsx'
import { xOf } from '../draw-channel.ts'
import type { EpisodeDesk } from '../episode-desk.ts'
import { PlotCanvas, type Plot } from '../plot-canvas.tsx'
import { ValueCell } from '../value-cell.tsx'
import { openLoopMessages } from './messages.ts'

/** One score per frame, NaN where there was none; null where the dataset has no such column or no score in it. */
export function storedSurprise(desk: Pick<EpisodeDesk, 'detail'>): Float64Array | null {
  const values = desk.detail.columns.find(({ name }) => name === surpriseKey)?.values
  const scores = values?.map((score) => (score < 0 ? Number.NaN : score))
  return scores?.some(Number.isFinite) === true ? scores : null
}

export function drawSurpriseLane({ context, width, height, token }: Plot, values: Float64Array): void {
  context.clearRect(0, 0, width, height)
  context.fillStyle = token('--policy')
  const step = Math.max(1, width / Math.max(1, values.length - 1))
  for (let frame = 0; frame < values.length; frame += 1) {
    const score = values[frame] ?? Number.NaN
    if (!Number.isFinite(score)) continue
    const tall = Math.max(1, Math.min(1, Math.max(0, score)) * (height - 2))
    context.fillRect(xOf(frame, values.length, width), height - tall, step, tall)
  }
}

export function SurpriseLane({ desk, values }: { desk: EpisodeDesk; values: Float64Array }): ReactNode {
  const t = useMessages(openLoopMessages)
  const draw = useCallback((plot: Plot) => drawSurpriseLane(plot, values), [values])
  return (
    <>
      <span className="timeline-name" title={t.surpriseHint}>
        {t.surprise}
      </span>
      <div className="timeline-lane" title={t.surpriseHint} data-testid="surprise-lane">
        <PlotCanvas label={`${t.surprise}. ${t.surpriseHint}`} draw={draw} />
      </div>
      <ValueCell
        playhead={desk.playhead}
        text={(frame) => {
          const score = values[frame] ?? Number.NaN
          return Number.isFinite(score) ? fixed(score, 2) : ''
        }}
      />
    </>
  )
}
