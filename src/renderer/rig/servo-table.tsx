/** Servos of one arm as they answer now, redrawn ten times a second. A stale servo shows no number: an old one would pass for a true one. */
import type { ReactNode } from 'react'
import type { ArmLive } from '#contract/services/drive.ts'
import { useApp } from '../app/app-context.tsx'
import { useRepaint } from '../app/use-clock.ts'
import { fixed, jointFigure } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { warmC } from '../operate/instruments/servo-extremes.ts'
import { rigMessages } from './messages.ts'

export interface ServoTableProps {
  readonly role: 'follower' | 'leader'
  readonly arm: ArmLive
}

export function ServoTable({ role, arm }: ServoTableProps): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  useRepaint(true)
  return (
    <table className="grid-table" data-testid={`servos-${role}`}>
      <thead>
        <tr>
          <th scope="col">{t.joint}</th>
          <th scope="col" className="is-number">
            {t.position}
          </th>
          <th scope="col" className="is-number">
            {t.load}
          </th>
          <th scope="col" className="is-number">
            {t.current}
          </th>
          <th scope="col" className="is-number">
            {t.temperature}
          </th>
          <th scope="col" className="is-number">
            {t.voltage}
          </th>
          <th scope="col" className="is-number">
            {t.lostLately}
          </th>
        </tr>
      </thead>
      <tbody>
        {arm.servos.map((servo, index) => {
          const position = app.telemetry.latest(role, index)
          const lost = arm.bus.lostFraction[index] ?? 0
          return (
            <tr key={servo.joint}>
              <td>
                <span
                  className="rig-joint"
                  style={{ background: `var(--joint-${Math.min(index, 6) + 1})` }}
                />
                {servo.joint}
              </td>
              {servo.isStale ? (
                <td className="is-number is-bad" colSpan={5}>
                  {t.noAnswer}
                </td>
              ) : (
                <>
                  <td className="is-number">
                    {Number.isFinite(position) ? jointFigure(position, servo.joint.endsWith('gripper')) : ''}
                  </td>
                  <td className="is-number">{fixed(Math.abs(servo.load) * 100, 0)} %</td>
                  <td className="is-number">{fixed(servo.currentA, 2)} A</td>
                  <td className={servo.temperatureC >= warmC ? 'is-number is-warn' : 'is-number'}>
                    {fixed(servo.temperatureC, 0)} °C
                  </td>
                  <td className="is-number">{fixed(servo.voltageV, 1)} V</td>
                </>
              )}
              <td className={lost > 0 ? 'is-number is-warn' : 'is-number t3'}>{fixed(lost * 100, 1)} %</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
