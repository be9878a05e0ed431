/** One kind of fault at the chosen place: a switch and how much. Changing the amount while it is on changes it at once. */
import { useState, type ReactNode } from 'react'
import type { SimFault } from '#contract/services/sim.ts'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { Toggle } from '../ui/toggle.tsx'
import {
  activeAt,
  activeElsewhere,
  clearingOf,
  faultOf,
  readAmount,
  shownAmount,
  type FaultPlace,
  type FaultRow,
} from './faults.ts'
import { rigMessages, type RigText } from './messages.ts'

const nameKeys = {
  drop: 'drop',
  corrupt: 'corrupt',
  delay: 'delay',
  silent: 'silent',
  hot: 'hot',
  voltage: 'voltageFault',
  stuck: 'stuck',
  overload: 'overload',
  reset: 'resetServo',
  unplug: 'unplug',
} as const satisfies Record<SimFault['kind'], keyof RigText>

export interface FaultRowProps {
  readonly row: FaultRow
  readonly place: FaultPlace
  readonly faults: readonly SimFault[]
}

export function FaultRowItem({ row, place, faults }: FaultRowProps): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const active = activeAt(faults, row, place)
  const elsewhere = activeElsewhere(faults, row, place).map((joint) => (joint === '' ? t.wholeBus : joint))
  const name = t[nameKeys[row.kind]]
  const told = shownAmount(row, active)
  /** What is being typed; null shows what the simulator tells. */
  const [typed, setTyped] = useState<string | null>(null)
  const [kept, setKept] = useState<number | null>(null)
  const amount = active === undefined ? (kept ?? told) : told
  const testId = `fault-${place.bus}-${row.kind}`

  const set = (wanted: number | null): void =>
    app.act((services) => services.sim.setFault(faultOf(row, place, wanted)))
  const clear = (): void => app.act((services) => services.sim.clearFault(clearingOf(row, place)))
  const commit = (): void => {
    if (typed === null) return
    const value = readAmount(row, typed)
    setTyped(null)
    if (value === null) return
    setKept(value)
    if (active !== undefined) set(value)
  }
  return (
    <div className="rig-fault" data-on={active !== undefined || elsewhere.length > 0 ? '' : undefined}>
      {row.isEvent === true ? (
        <button type="button" className="btn btn-small" data-testid={testId} onClick={() => set(null)}>
          {t.doIt}
        </button>
      ) : (
        <Toggle
          label={name}
          isOn={active !== undefined}
          testId={testId}
          onChange={(isWanted) => (isWanted ? set(amount) : clear())}
        />
      )}
      <span className="rig-fault-name">
        {name}
        {elsewhere.length > 0 && <small>{t.alsoOn(elsewhere.join(', '))}</small>}
      </span>
      {row.amount !== null && (
        <span className="rig-fault-amount">
          <input
            value={typed ?? String(amount)}
            type="number"
            min={row.amount.lowest}
            max={row.amount.highest}
            step={row.amount.step}
            aria-label={t.amountOf(name)}
            data-testid={`${testId}-amount`}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit()
            }}
          />
          {row.amount.unit}
        </span>
      )}
    </div>
  )
}
