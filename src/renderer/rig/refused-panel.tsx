/** The rig host refused the rig: why, and what mends it. A calibration that does not match is shown joint by joint before anything is written. */
import type { ReactNode } from 'react'
import type { RigConfig, RigState } from '#contract/services/rig.ts'
import { fixed } from '../i18n/figures.ts'
import { named } from '../i18n/faults.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'
import { FaultNote } from '../ui/note.tsx'
import { rigMessages, type RigText } from './messages.ts'
import { mismatchOf, type Mismatch, type MismatchRow } from './mismatch.ts'
import type { RigActs } from './use-rig-acts.ts'

export function RefusedPanel({ rig, acts }: { rig: RigState; acts: RigActs }): ReactNode {
  const t = useMessages(rigMessages)
  const { fault, rig: config } = rig
  if (fault === null || config === null) return null
  const mismatch = mismatchOf(fault)
  return (
    <div className="rig-refused" data-testid="rig-fault">
      <FaultNote fault={fault}>
        {mismatch === null && (
          <button
            type="button"
            className="btn btn-small"
            disabled={acts.isBusy}
            onClick={() => acts.connect(config)}
          >
            {t.connectAgain}
          </button>
        )}
      </FaultNote>
      {mismatch !== null && <MismatchTable mismatch={mismatch} config={config} acts={acts} t={t} />}
    </div>
  )
}

interface MismatchProps {
  readonly mismatch: Mismatch
  readonly config: RigConfig
  readonly acts: RigActs
  readonly t: RigText
}

function MismatchTable({ mismatch, config, acts, t }: MismatchProps): ReactNode {
  const language = useLanguage()
  const { arm, joints } = mismatch
  const withServos = (): void => {
    const own = config[arm]
    if (own !== null) acts.connect({ ...config, [arm]: { ...own, calibrationPath: null } })
  }
  return (
    <section className="section">
      <h3 className="subtitle">{named(t[arm], t.mismatchTitle, language)}</h3>
      <p className="t2">{t.mismatchLead}</p>
      <table className="grid-table rig-mismatch" data-testid="mismatch">
        <thead>
          <tr>
            <th scope="col">{t.joint}</th>
            <th scope="col">{t.offset}</th>
            <th scope="col">{t.lowest}</th>
            <th scope="col">{t.highest}</th>
          </tr>
        </thead>
        <tbody>
          {joints.map((row) => (
            <tr key={row.joint}>
              <td>{row.joint}</td>
              <Pair row={row} of="homingOffset" t={t} />
              <Pair row={row} of="rangeMin" t={t} />
              <Pair row={row} of="rangeMax" t={t} />
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row rig-acts">
        <button
          type="button"
          className="btn btn-primary"
          disabled={acts.isBusy}
          data-testid="write-calibration"
          onClick={() => acts.writeAndConnect(arm, config)}
        >
          {t.writeToServos}
        </button>
        <button
          type="button"
          className="btn"
          disabled={acts.isBusy}
          data-testid="use-servos"
          onClick={withServos}
        >
          {t.keepServos}
        </button>
        <span className="size-s t2">{t.writeNote}</span>
      </div>
    </section>
  )
}

interface PairProps {
  readonly row: MismatchRow
  readonly of: keyof MismatchRow['file']
  readonly t: RigText
}

/** Both numbers where they differ, one where they agree. */
const Pair = ({ row, of, t }: PairProps): ReactNode => {
  const [file, servo] = [row.file[of], row.servo[of]]
  return file === servo ? (
    <td className="t3">{fixed(file, 0)}</td>
  ) : (
    <td className="is-warn">{t.fileToServo(fixed(file, 0), fixed(servo, 0))}</td>
  )
}
