/** One joint: its name and colour, its lines over the episode, its measured value at the playhead. */
import { useCallback, type ReactNode } from 'react'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { reviewMessages } from '../messages.ts'
import { drawChannel } from './draw-channel.ts'
import type { EpisodeDesk } from './episode-desk.ts'
import type { Channel } from './episode-model.ts'
import { PlotCanvas, type Plot } from './plot-canvas.tsx'
import { ValueCell } from './value-cell.tsx'

/** The value as shown: with its unit where that is known, nothing where there is no value. */
export function channelValue(channel: Channel, frame: number): string {
  const value = channel.state[frame] ?? Number.NaN
  return Number.isFinite(value) ? `${fixed(value, channel.digits)}${channel.unit}` : ''
}

export interface JointRowProps {
  readonly desk: EpisodeDesk
  readonly channel: Channel
  /** What a policy would have asked for, one value per frame; null without an evaluation. */
  readonly predicted: Float64Array | null
}

export function JointRow({ desk, channel, predicted }: JointRowProps): ReactNode {
  const t = useMessages(reviewMessages)
  const { segments } = desk.model
  const draw = useCallback(
    (plot: Plot) => drawChannel(plot, channel, segments, predicted),
    [channel, segments, predicted],
  )
  return (
    <>
      <span className="timeline-name" title={channel.isAuto ? t.autoRange : undefined}>
        <i style={{ background: `var(--joint-${(channel.index % 7) + 1})` }} />
        <span className="cut">{channel.joint}</span>
      </span>
      <div className="timeline-lane">
        <PlotCanvas label={t.chartOf(channel.joint)} draw={draw} />
        {channel.isAuto && (
          <span className="timeline-auto">
            {fixed(channel.lower, channel.digits)} … {fixed(channel.upper, channel.digits)}
          </span>
        )}
      </div>
      <ValueCell playhead={desk.playhead} text={(frame) => channelValue(channel, frame)} />
    </>
  )
}
