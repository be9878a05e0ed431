/** The arm as its servos report it, in three dimensions. A pose that is not fresh loses its colour and says so. */
import { useCallback, type ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { LazyTwin } from '../../ui/lazy-twin.tsx'
import { foresightMessages } from '../foresight/messages.ts'
import { planIn, planPosesNow, useHasPlan } from '../foresight/plan-store.ts'
import { secondsAhead } from '../foresight/plan.ts'
import { operateMessages } from '../messages.ts'
import { useIsWatching } from '../use-is-watching.ts'
import { latestPose } from './latest-pose.ts'

export function TwinPanel(): ReactNode {
  const t = useMessages(operateMessages)
  const app = useApp()
  const { telemetry } = app
  const f = useMessages(foresightMessages)
  const hasPlan = useHasPlan()
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
  const readPlan = useCallback(() => planPosesNow(app), [app])
  const isDown = useLive((s) => s.drive?.mode === 'fault' || s.drive?.mode === 'eStop')
  const hasGhost = hasPlan && !isStale && !isDown
  useRepaint(hasGhost)
  const nowUs = app.clock.nowRigUs()
  const plan = planIn(app)
  const planned =
    hasGhost && plan !== null && nowUs !== null ? f.plan(fixed(secondsAhead(plan, nowUs), 1)) : null
  const caption = isStale ? t.lastKnownPose : (planned ?? `${t.follower} ${name}`)
  const canDrag = isSimulated && !isWatching && !isStale && !isDown
  return (
    <section className="twin" data-stale={isStale ? '' : undefined} data-testid="twin">
      <LazyTwin
        readFollower={readFollower}
        readLeader={readLeader}
        readPlan={hasGhost ? readPlan : undefined}
        sim={isSimulated ? simulator : null}
        canDrag={canDrag}
        label={isStale ? t.lastKnownPose : `${t.follower} ${name}`}
        className="twin-picture"
        fallback={<p className="twin-missing">{t.noWebgl}</p>}
      />
      <span className="twin-caption">{caption}</span>
      {hasGhost ? (
        <span className="twin-hint twin-legend">
          <i className="twin-dots" /> {f.gripperPath} <i className="twin-ghost" /> {f.poseAtEnd}
        </span>
      ) : (
        canDrag && <span className="twin-hint">{t.dragHint}</span>
      )}
    </section>
  )
}
