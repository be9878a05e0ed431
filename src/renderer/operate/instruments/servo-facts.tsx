/** The follower's servos worth a look. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { Fact, Facts } from './fact.tsx'
import { servoExtremes, warmC } from './servo-extremes.ts'

export function ServoFacts(): ReactNode {
  const t = useMessages(operateMessages)
  const extremes = servoExtremes(useLive((s) => s.drive?.follower ?? null))
  if (extremes === null) return null
  const { hottest, mostLoaded, lowestVoltage } = extremes
  return (
    <Facts title={t.servos}>
      <Fact
        name={t.hottest}
        value={<Figure figure={`${fixed(hottest.temperatureC, 0)} °C`} joint={hottest.joint} />}
        verdict={hottest.temperatureC >= warmC ? 'warn' : undefined}
      />
      <Fact
        name={t.highestLoad}
        value={<Figure figure={`${fixed(Math.abs(mostLoaded.load) * 100, 0)} %`} joint={mostLoaded.joint} />}
      />
      <Fact
        name={t.lowestVoltage}
        value={<Figure figure={`${fixed(lowestVoltage.voltageV, 1)} V`} joint="" />}
      />
    </Facts>
  )
}

const Figure = ({ figure, joint }: { figure: string; joint: string }): ReactNode => (
  <>
    <span className="figure">{figure}</span> {joint}
  </>
)
