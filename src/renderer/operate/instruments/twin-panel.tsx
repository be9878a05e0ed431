/** The arm as its servos report it, in three dimensions. A pose that is not fresh loses its colour and says so. */
import { useCallback, type ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { LazyTwin } from '../../ui/lazy-twin.tsx'
import { operateMessages } from '../messages.ts'
import { useIsWatching } from '../use-is-watching.ts'
import { latestPose } from './latest-pose.ts'

export function TwinPanel(): ReactNode {
  const t = useMessages(operateMessages)
  const { telemetry } = useApp()
  const name = useLive((s) => s.rig?.rig?.name ?? '')
  const isSimulated = useLive(
    (s) => s.rig?.arms.some((arm) => arm.role === 'leader' && arm.isSimulated) ?? false,
  )
  const simulator = useLive((s) => s.session?.services.sim ?? null)
  const isWatching = useIsWatching()
  const isStale = useLive(
    (s) => s.rigSilentMs !== null || s.drive?.follower?.servos.every((servo) => servo.isStale) === true,
  )
  const readFollower = useCallback(() => latestPose(telemetry, 'follower'), [telemetry])
  const readLeader = useCallback(() => latestPose(telemetry, 'leader'), [telemetry])
  const caption = isStale ? t.lastKnownPose : `${t.follower} ${name}`
  const isDown = useLive((s) => s.drive?.mode === 'fault' || s.drive?.mode === 'eStop')
  const canDrag = isSimulated && !isWatching && !isStale && !isDown
  return (
    <section className="twin" data-stale={isStale ? '' : undefined} data-testid="twin">
      <LazyTwin
        readFollower={readFollower}
        readLeader={readLeader}
        sim={isSimulated ? simulator : null}
        canDrag={canDrag}
        label={caption}
        className="twin-picture"
        fallback={<p className="twin-missing">{t.noWebgl}</p>}
      />
      <span className="twin-caption">{caption}</span>
      {canDrag && <span className="twin-hint">{t.dragHint}</span>}
    </section>
  )
}
