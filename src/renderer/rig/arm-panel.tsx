/** One arm of the connected rig: what its servos say, joint by joint, and where its calibration came from. */
import type { ReactNode } from 'react'
import type { RigConfig, RigState } from '#contract/services/rig.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { FaultNote } from '../ui/note.tsx'
import { CameraStrip } from './camera-strip.tsx'
import { rigMessages } from './messages.ts'
import { ServoTable } from './servo-table.tsx'
import type { RigActs } from './use-rig-acts.ts'

const torqueKeys = { on: 'torqueOn', off: 'torqueOff', unknown: 'torqueUnknown' } as const

export interface ArmPanelProps {
  readonly role: 'follower' | 'leader'
  readonly rig: RigState
  readonly config: RigConfig
  readonly acts: RigActs
}

export function ArmPanel({ role, rig, config, acts }: ArmPanelProps): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const arm = rig.arms.find((candidate) => candidate.role === role)
  const live = useLive((s) => s.drive?.[role] ?? null)
  if (arm === undefined) return null
  return (
    <>
      <header className="row rig-head">
        <div>
          <h2 className="title">{t[role]}</h2>
          <p className="desk-lead">
            {[config.robotType, arm.port, live === null ? null : t[torqueKeys[live.torque]]]
              .filter((part) => part !== null)
              .join(' · ')}
          </p>
        </div>
        <span className="spring" />
        <button
          type="button"
          className="btn btn-primary"
          data-testid="rig-operate"
          onClick={() => app.ui.setState({ screen: 'operate' })}
        >
          {t.operateIt} <KeyCap chord="Ctrl+1" />
        </button>
      </header>
      {arm.fault !== null && (
        <FaultNote fault={arm.fault} testId="rig-fault">
          <button
            type="button"
            className="btn btn-small"
            disabled={acts.isBusy}
            onClick={() => acts.connect(config)}
          >
            {t.connectAgain}
          </button>
        </FaultNote>
      )}
      {live !== null && <ServoTable role={role} arm={live} />}
      <dl className="pairs rig-narrow">
        <dt>{t.calibrationFrom}</dt>
        <dd title={arm.calibrationPath ?? undefined}>{arm.calibrationPath ?? t.inServos}</dd>
        {arm.calibrationHash !== null && (
          <>
            <dt>{t.hash}</dt>
            <dd className="mono">{arm.calibrationHash.slice(0, 12)}</dd>
          </>
        )}
      </dl>
      <CameraStrip cameras={config.cameras} />
    </>
  )
}
