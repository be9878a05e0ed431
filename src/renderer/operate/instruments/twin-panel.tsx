/** The arm as its servos report it, in three dimensions. A pose that is not fresh loses its colour and says so. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'

export function TwinPanel(): ReactNode {
  const t = useMessages(operateMessages)
  const name = useLive((s) => s.rig?.rig?.name ?? '')
  const isStale = useLive(
    (s) => s.rigSilentMs !== null || s.drive?.follower?.servos.every((servo) => servo.isStale) === true,
  )
  return (
    <section className="twin" data-stale={isStale ? '' : undefined} data-testid="twin">
      <span className="twin-caption">{isStale ? t.lastKnownPose : `${t.follower} ${name}`}</span>
    </section>
  )
}
