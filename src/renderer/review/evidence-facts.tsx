/** How an episode was recorded, as measured. Another program's episodes carry nothing of it, and that is said. */
import type { ReactNode } from 'react'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { repeatsOf } from './episode-row.tsx'
import { reviewMessages } from './messages.ts'

export function EvidenceFacts({ episode }: { episode: EpisodeSummary }): ReactNode {
  const t = useMessages(reviewMessages)
  const { achievedHz, skewP50Ms, skewP95Ms, repeats, surpriseMax, policy, operator, calibrationHash } =
    episode
  const rows: (readonly [string, string])[] = []
  if (achievedHz !== null) rows.push([t.rateHeld, `${fixed(achievedHz, 2)} fps`])
  if (skewP50Ms !== null && skewP95Ms !== null)
    rows.push([t.skewBoth, `${fixed(skewP50Ms, 0)} / ${fixed(skewP95Ms, 0)} ms`])
  if (repeats !== null)
    rows.push([t.repeats, t.repeatsOf(repeatsOf(episode), episode.frames * Object.keys(repeats).length)])
  if (surpriseMax !== null) rows.push([t.surpriseMax, fixed(surpriseMax, 2)])
  if (policy !== null) rows.push([t.policyName, policy])
  if (operator !== '') rows.push([t.operator, operator])
  if (calibrationHash !== null && calibrationHash !== '')
    rows.push([t.calibration, calibrationHash.slice(0, 8)])
  return (
    <section className="section" data-testid="evidence">
      <h2 className="heading">{t.evidence}</h2>
      {rows.length === 0 ? (
        <p className="size-s t2">{t.foreign}</p>
      ) : (
        <dl className="pairs">
          {rows.map(([name, value]) => (
            <div key={name} className="evidence-row">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
