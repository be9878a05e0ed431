/** One arm of a rig: simulated, or a port with speed and calibration; its servos can be asked before anything is connected. */
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { Choice } from '../ui/choice.tsx'
import { Toggle } from '../ui/toggle.tsx'
import type { ArmDraft, Wrong } from './draft.ts'
import { EitherField } from './either-field.tsx'
import { Field } from './field.tsx'
import { rigMessages } from './messages.ts'
import { portText } from './port-table.tsx'
import { ScanPanel } from './scan-panel.tsx'
import type { Found } from './use-found.ts'

export interface ArmFormProps {
  readonly armRole: 'follower' | 'leader'
  /** Null: the rig has none. */
  readonly arm: ArmDraft | null
  readonly wrong: Wrong
  readonly found: Found
  readonly onChange: (part: Partial<ArmDraft>) => void
  /** A leader may be left out. */
  readonly onPresence?: (isThere: boolean) => void
}

export function ArmForm({ armRole, arm, wrong, found, onChange, onPresence }: ArmFormProps): ReactNode {
  const t = useMessages(rigMessages)
  return (
    <section className="rig-arm" data-testid={`arm-form-${armRole}`}>
      <div className="row">
        <h3 className="rig-arm-name">{t[armRole]}</h3>
        <span className="spring" />
        {onPresence !== undefined && (
          <Toggle
            label={t.withLeader}
            isOn={arm !== null}
            testId={`${armRole}-present`}
            onChange={(isThere) => onPresence(isThere)}
          />
        )}
      </div>
      {arm === null ? (
        <p className="t2">{t.noLeader}</p>
      ) : (
        <>
          <Choice
            label={t.kind}
            value={arm.kind}
            testId={`${armRole}-kind`}
            options={[
              { value: 'serial', label: t.real },
              { value: 'simulated', label: t.sim },
            ]}
            onChange={(kind) => onChange({ kind })}
          />
          {arm.kind === 'serial' && <PortFields {...{ armRole, arm, wrong, found, onChange }} />}
          <CalibrationField {...{ armRole, arm, wrong, found, onChange }} />
        </>
      )}
    </section>
  )
}

type FieldsProps = Omit<ArmFormProps, 'arm' | 'onPresence'> & { readonly arm: ArmDraft }

function PortFields({ armRole, arm, wrong, found, onChange }: FieldsProps): ReactNode {
  const t = useMessages(rigMessages)
  return (
    <>
      <EitherField
        label={t.port}
        otherLabel={t.otherPort}
        pathLabel={t.portPath}
        value={arm.path}
        options={[
          { value: '', text: found.ports.length === 0 ? t.noPorts : t.choosePort },
          ...found.ports.map((port) => ({ value: port.path, text: portText(port) })),
        ]}
        problem={wrong.get(`${armRole}.path`)}
        testId={`${armRole}-port`}
        onChange={(path) => onChange({ path })}
      />
      <Field
        label={t.baud}
        value={arm.baud}
        problem={wrong.get(`${armRole}.baud`)}
        testId={`${armRole}-baud`}
        onChange={(baud) => onChange({ baud })}
      />
      <ScanPanel
        key={arm.path}
        armRole={armRole}
        arm={arm}
        onBaud={(baud) => onChange({ baud: String(baud) })}
      />
    </>
  )
}

function CalibrationField({ armRole, arm, found, onChange }: FieldsProps): ReactNode {
  const t = useMessages(rigMessages)
  const files = found.calibrations.filter((file) => file.role === armRole)
  return (
    <EitherField
      label={t.calibration}
      otherLabel={t.ownPath}
      pathLabel={t.path}
      value={arm.calibration}
      options={[
        { value: '', text: t.inServos },
        ...files.map((file) => ({ value: file.path, text: `${file.id} · ${file.robotType}` })),
      ]}
      testId={`${armRole}-calibration`}
      onChange={(calibration) => onChange({ calibration })}
    />
  )
}
