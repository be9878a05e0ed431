/** The band under the take's clock: who drove this take, in proportion. Shown once more than one source took part. */
import type { ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import type { Paint } from './paint.ts'

/** By the recorded source code: hold, human, policy, blend. */
const paints: readonly Paint[] = ['hold', 'human', 'policy', 'blend-policy']

export function WhoDrove({ fromUs, toUs }: { fromUs: number; toUs: number }): ReactNode {
  const t = useMessages(operateMessages)
  const segments = useApp().lane.segments(fromUs, toUs)
  if (new Set(segments.map((segment) => segment.source)).size < 2) return null
  return (
    <span className="band" title={t.whoDrove}>
      {segments.map((segment) => (
        <i
          key={segment.from}
          data-paint={paints[segment.source] ?? 'idle'}
          style={{ left: `${segment.from * 100}%`, width: `${(segment.to - segment.from) * 100}%` }}
        />
      ))}
    </span>
  )
}
