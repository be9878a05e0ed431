/** After a fault or an emergency stop: what the bus says now, and what happened in order. */
import type { ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { faultTextOf } from '../../i18n/faults.ts'
import { fixed } from '../../i18n/figures.ts'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { Fact, Facts } from './fact.tsx'
import { servoExtremes } from './servo-extremes.ts'

export function BusFacts(): ReactNode {
  const t = useMessages(operateMessages)
  const role = useLive((s) => s.drive?.cause?.arm ?? 'follower')
  const arm = useLive((s) => (role === 'leader' ? s.drive?.leader : s.drive?.follower) ?? null)
  const port = useLive((s) => s.rig?.arms.find((candidate) => candidate.role === role)?.port ?? '')
  if (arm === null) return null
  const answering = arm.servos.filter((servo) => !servo.isStale).length
  const extremes = servoExtremes(arm)
  return (
    <Facts title={role === 'leader' ? t.leaderBus : t.followerBus} note={port}>
      <Fact
        name={t.answers}
        value={
          <span className={answering === arm.servos.length ? 'figure' : 'is-bad'}>
            {t.servosOf(answering, arm.servos.length)}
          </span>
        }
      />
      <Fact name={t.torque} value={<span className="figure">{t.torqueWords(arm.torque)}</span>} />
      <Fact name={t.unanswered} value={<span className="figure">{arm.bus.timeouts}</span>} />
      {extremes !== null && (
        <>
          <Fact
            name={t.lowestVoltage}
            value={<span className="figure">{fixed(extremes.lowestVoltage.voltageV, 1)} V</span>}
          />
          <Fact
            name={t.hottest}
            value={<span className="figure">{fixed(extremes.hottest.temperatureC, 0)} °C</span>}
          />
        </>
      )}
    </Facts>
  )
}

const shownEvents = 7

/**
 * Newest first: where the column is low the oldest are cut. Seconds before the newest news, because the rig's clock is monotonic and has no time of day.
 */
export function Happened(): ReactNode {
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const app = useApp()
  const nowUs = useLive((s) => s.drive?.timeUs ?? 0)
  const events = app.events
    .list()
    .slice(-shownEvents)
    .toReversed()
    .toSorted((a, b) => b.timeUs - a.timeUs)
  if (events.length === 0) return null
  return (
    <section className="section">
      <h2 className="heading">{t.happened}</h2>
      <dl className="happened">
        {events.map((event) => (
          <div key={`${event.kind} ${event.timeUs}`} className="happened-line">
            <dt>{t.secondsAgo(fixed(Math.max(0, nowUs - event.timeUs) / 1e6, 1))}</dt>
            <dd>
              {event.kind === 'mode'
                ? t[event.mode]
                : [faultTextOf(event.code, language)?.what ?? event.code, event.joint]
                    .filter((part) => part !== null)
                    .join(' · ')}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
