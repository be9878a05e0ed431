/** One bus in figures, and its use since the screen was opened, one bar a second. */
import type { ReactNode } from 'react'
import type { ArmLive } from '#contract/services/drive.ts'
import type { RigConfig } from '#contract/services/rig.ts'
import { useLive } from '../app/app-context.tsx'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { servoExtremes, warmC } from '../operate/instruments/servo-extremes.ts'
import { rigMessages } from './messages.ts'
import { useBusHistory } from './use-bus-history.ts'

const baudOf = (port: RigConfig['follower']['port']): string => {
  const baud = port.kind === 'serial' ? port.baud : 1_000_000
  return baud % 1_000_000 === 0 ? `${baud / 1_000_000} Mbaud` : `${baud} baud`
}

export function BusFacts({ role, config }: { role: 'follower' | 'leader'; config: RigConfig }): ReactNode {
  const t = useMessages(rigMessages)
  const arm = useLive((s) => s.drive?.[role] ?? null)
  const port = config[role]?.port
  const history = useBusHistory(role)
  if (port === undefined) return null
  return (
    <section className="section rig-bus" data-testid={`bus-${role}`}>
      <div className="section-head">
        <h2 className="heading">{role === 'follower' ? t.busFollower : t.busLeader}</h2>
        {history.length > 1 && <span className="size-s t2">{t.sinceOpened(history.length)}</span>}
      </div>
      <div className="rig-bars" aria-hidden="true">
        {history.map((sample) => (
          <i
            key={sample.number}
            data-errors={sample.errors > 0 ? '' : undefined}
            style={{ height: `${Math.max(3, Math.min(100, sample.utilisation * 100))}%` }}
          />
        ))}
      </div>
      {arm === null ? <p className="is-bad">{t.noAnswer}</p> : <BusFigures arm={arm} baud={baudOf(port)} />}
    </section>
  )
}

function BusFigures({ arm, baud }: { arm: ArmLive; baud: string }): ReactNode {
  const t = useMessages(rigMessages)
  const { bus } = arm
  const extremes = servoExtremes(arm)
  const voltages = arm.servos.filter((servo) => !servo.isStale).map((servo) => servo.voltageV)
  const isHot = (extremes?.hottest.temperatureC ?? 0) >= warmC
  return (
    <dl className="pairs">
      <dt>{t.used}</dt>
      <dd>{t.usedOf(fixed(bus.utilisation * 100, 0), baud)}</dd>
      <dt>{t.roundTrip}</dt>
      <dd>{fixed(bus.roundTripP99Us / 1000, 1)} ms</dd>
      <dt>{t.lostCorrupt}</dt>
      <dd className={bus.timeouts + bus.corrupt > 0 ? 'is-warn' : undefined}>
        {bus.timeouts}, {bus.corrupt}
      </dd>
      <dt>{t.packets}</dt>
      <dd>{bus.requests.toLocaleString('en-GB')}</dd>
      {extremes !== null && (
        <>
          <dt>{t.voltageRange}</dt>
          <dd>
            {fixed(Math.min(...voltages), 1)}–{fixed(Math.max(...voltages), 1)} V
          </dd>
          <dt>{t.hottest}</dt>
          <dd className={isHot ? 'is-warn' : undefined}>
            {fixed(extremes.hottest.temperatureC, 0)} °C {extremes.hottest.joint}
          </dd>
        </>
      )}
    </dl>
  )
}
