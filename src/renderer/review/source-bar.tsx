/** How long each source drove, as parts of a bar as long as the episode. Order of time is in the episode's own lane, not here. */
import type { ReactNode } from 'react'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { useMessages } from '../i18n/language.tsx'
import { reviewMessages } from './messages.ts'

export const sourceOrder = ['human', 'policy', 'blend', 'hold'] as const

export interface SourceShare {
  readonly source: (typeof sourceOrder)[number]
  /** 0…1 of the episode. */
  readonly share: number
}

/** Parts that are there, largest meaning first; empty where nothing was recorded about it. */
export function sourceShares({
  sourceSeconds,
}: Pick<EpisodeSummary, 'sourceSeconds'>): readonly SourceShare[] {
  if (sourceSeconds === null) return []
  const total = sourceOrder.reduce((sum, source) => sum + sourceSeconds[source], 0)
  if (total <= 0) return []
  return sourceOrder
    .map((source) => ({ source, share: sourceSeconds[source] / total }))
    .filter(({ share }) => share > 0)
}

export function SourceBar({ episode, share }: { episode: EpisodeSummary; share: number }): ReactNode {
  const t = useMessages(reviewMessages)
  const parts = sourceShares(episode)
  const label =
    parts.length === 0
      ? t.notRecorded
      : parts.map((part) => t.share(t[part.source], Math.round(part.share * 100))).join(', ')
  return (
    <span className="source-bar" title={label}>
      <span className="source-bar-fill" style={{ width: `${Math.max(2, share * 100)}%` }}>
        {parts.map((part) => (
          <i key={part.source} data-source={part.source} style={{ flexGrow: part.share }} />
        ))}
        {parts.length === 0 && <i data-source="none" style={{ flexGrow: 1 }} />}
      </span>
      <span className="visually-hidden">{label}</span>
    </span>
  )
}
