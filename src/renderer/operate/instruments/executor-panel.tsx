/** How chunks follow each other, as measured: the delay of answers, what a join had to bridge, how far the arm lags. */
import type { ReactNode } from 'react'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { foresightMessages } from '../foresight/messages.ts'
import { useForesight } from '../foresight/foresight-store.ts'
import { Fact, Facts } from './fact.tsx'

const degrees = (rad: number): string => `${fixed((rad * 180) / Math.PI, 1)}°`

export function ExecutorPanel(): ReactNode {
  const t = useMessages(foresightMessages)
  const executor = useForesight((state) => state.executor)
  if (executor === null) return null
  const { settings, delayP50Ms, delayP95Ms, lastJump, largestJump, trackingRad } = executor
  return (
    <div data-testid="executor">
      <Facts title={t.executor} note={t.executorNames(settings.mode)}>
        {delayP50Ms !== null && delayP95Ms !== null && (
          <Fact name={t.delay} value={t.delayOf(fixed(delayP50Ms, 0), fixed(delayP95Ms, 0))} />
        )}
        <Fact name={t.jump} value={t.jumpOf(degrees(lastJump), degrees(largestJump))} />
        {trackingRad !== null && <Fact name={t.tracking} value={degrees(trackingRad)} />}
      </Facts>
      {settings.mode === 'rtc' && executor.guidedShare === 0 && <p className="size-s t2">{t.notGuided}</p>}
    </div>
  )
}
