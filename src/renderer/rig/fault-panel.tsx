/** Bad days of the simulator, on demand: where (arm, joint), which, how much; unplugging; the scene put back. */
import { Plug, Unplug } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { RigConfig } from '#contract/services/rig.ts'
import type { SimFault } from '#contract/services/sim.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { keepSubscribed } from '../app/keep-subscribed.ts'
import { useMessages } from '../i18n/language.tsx'
import { Choice } from '../ui/choice.tsx'
import { FaultRowItem } from './fault-row.tsx'
import { faultRows, simulatedBuses, type Bus } from './faults.ts'
import { rigMessages } from './messages.ts'

const noFaults: readonly SimFault[] = []
const noJoints: readonly string[] = []

export function FaultPanel({ config }: { config: RigConfig }): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const faults = useLive((s) => s.simFaults) ?? noFaults
  const buses = simulatedBuses(config)
  const [chosen, setChosen] = useState<Bus>('follower')
  const [joint, setJoint] = useState('')
  const bus = buses.includes(chosen) ? chosen : buses[0]
  const joints = useLive((s) => s.rig?.arms.find((arm) => arm.role === bus)?.jointNames) ?? noJoints
  if (bus === undefined) return null
  const place = { bus, joint }
  return (
    <section className="section" data-testid="sim-faults">
      <div className="section-head">
        <h2 className="heading">{t.faults}</h2>
        <span className={faults.length === 0 ? 'size-s t2' : 'size-s is-warn'}>
          {faults.length === 0 ? t.faultsNone : t.faultsOn(faults.length)}
        </span>
      </div>
      <div className="rig-fault-place">
        {buses.length > 1 && (
          <Choice
            label={t.faultArm}
            value={bus}
            testId="fault-bus"
            options={buses.map((value) => ({ value, label: t[value] }))}
            onChange={setChosen}
          />
        )}
        <select
          value={joint}
          aria-label={t.faultJoint}
          data-testid="fault-joint"
          onChange={(event) => setJoint(event.target.value)}
        >
          <option value="">{t.wholeBus}</option>
          {joints.map((candidate) => (
            <option key={candidate} value={candidate}>
              {candidate}
            </option>
          ))}
        </select>
      </div>
      <div>
        {faultRows.map((row) => (
          <FaultRowItem key={`${bus} ${joint} ${row.kind}`} row={row} place={place} faults={faults} />
        ))}
      </div>
      <div className="rig-fault-acts">
        <UnplugButton
          bus={bus}
          isUnplugged={faults.some((fault) => fault.bus === bus && fault.kind === 'unplug')}
        />
        <button
          type="button"
          className="btn btn-small"
          disabled={faults.length === 0}
          data-testid="faults-clear"
          onClick={() => app.act((services) => services.sim.clearFaults(undefined))}
        >
          {t.clearAll}
        </button>
        <button
          type="button"
          className="btn btn-small"
          data-testid="reset-scene"
          onClick={() => app.act((services) => services.sim.resetScene({}))}
        >
          {t.resetScene}
        </button>
        <TargetButton />
      </div>
    </section>
  )
}

function UnplugButton({ bus, isUnplugged }: { bus: Bus; isUnplugged: boolean }): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const Icon = isUnplugged ? Plug : Unplug
  const fault = { bus, kind: 'unplug' } as const
  return (
    <button
      type="button"
      className="btn btn-small"
      data-testid={`fault-${bus}-unplug`}
      aria-pressed={isUnplugged}
      onClick={() => app.act(({ sim }) => (isUnplugged ? sim.clearFault(fault) : sim.setFault(fault)))}
    >
      <Icon className="icon" aria-hidden="true" /> {isUnplugged ? t.plugIn : t.unplug}
    </button>
  )
}

/** A target that moves is what policies are told apart by: how old their view of it is shows in the way. */
function TargetButton(): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const services = useLive((live) => live.session?.services ?? null)
  const [isMoving, setIsMoving] = useState<boolean | null>(null)
  useEffect(() => {
    if (services === null) return undefined
    const feed = keepSubscribed(app.timers, services.sim.poses, { maxHz: 2 }, (pose) =>
      setIsMoving(pose.isTargetMoving),
    )
    return () => feed[Symbol.dispose]()
  }, [app, services])
  return (
    <button
      type="button"
      className="btn btn-small"
      aria-pressed={isMoving === true}
      disabled={isMoving === null}
      data-testid="move-target"
      onClick={() => app.act(({ sim }) => sim.moveTarget({ seed: isMoving === true ? null : drawnSeed() }))}
    >
      {isMoving === true ? t.holdTarget : t.moveTarget}
    </button>
  )
}

const drawnSeed = (): number => Math.floor(Math.random() * 1000)
