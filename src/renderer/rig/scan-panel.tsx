/** Asks a port which servos answer, at every speed they may be set to. Reads only; nothing on the bus is changed. */
import { useState, type ReactNode } from 'react'
import { FaultError, type Fault } from '#core/result.ts'
import type { Services } from '../app/services.ts'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote } from '../ui/note.tsx'
import type { ArmDraft } from './draft.ts'
import { rigMessages } from './messages.ts'

type Servo = Awaited<ReturnType<Services['rig']['scan']>>['servos'][number]

type Scan =
  | { readonly status: 'none' | 'running' }
  | { readonly status: 'done'; readonly servos: readonly Servo[] }
  | { readonly status: 'failed'; readonly fault: Fault }

export interface ScanPanelProps {
  readonly armRole: string
  readonly arm: ArmDraft
  readonly onBaud: (baud: number) => void
}

export function ScanPanel({ armRole, arm, onBaud }: ScanPanelProps): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const [scan, setScan] = useState<Scan>({ status: 'none' })
  const run = async (): Promise<void> => {
    const services = app.services()
    if (services === null) return
    setScan({ status: 'running' })
    try {
      const { servos } = await services.rig.scan({ path: arm.path })
      setScan({ status: 'done', servos })
    } catch (error) {
      const fault: Fault =
        error instanceof FaultError ? error.fault : { code: 'contract/internal', message: String(error) }
      setScan({ status: 'failed', fault })
    }
  }
  const bauds = scan.status === 'done' ? [...new Set(scan.servos.map((servo) => servo.baud))] : []
  const [baud] = bauds
  return (
    <div className="rig-scan">
      <div className="row">
        <button
          type="button"
          className="btn btn-small"
          disabled={arm.path === '' || scan.status === 'running'}
          data-testid={`${armRole}-scan`}
          onClick={() => void run()}
        >
          {t.scan}
        </button>
        {scan.status === 'running' && <span className="t2">{t.scanning}</span>}
        {scan.status === 'done' && <span className="t2">{t.servosFound(scan.servos.length)}</span>}
        {bauds.length === 1 && baud !== undefined && String(baud) !== arm.baud && (
          <button type="button" className="btn btn-small" onClick={() => onBaud(baud)}>
            {t.takeBaud(baud)}
          </button>
        )}
      </div>
      {scan.status === 'failed' && <FaultNote fault={scan.fault} />}
      {scan.status === 'done' && scan.servos.length > 0 && (
        <table className="grid-table" data-testid={`${armRole}-servos`}>
          <thead>
            <tr>
              <th scope="col">{t.servoId}</th>
              <th scope="col">{t.model}</th>
              <th scope="col">{t.firmware}</th>
              <th scope="col">{t.baud}</th>
            </tr>
          </thead>
          <tbody>
            {scan.servos.map((servo) => (
              <tr key={servo.id}>
                <td>{servo.id}</td>
                <td>{servo.model}</td>
                <td>{servo.firmware}</td>
                <td>{servo.baud}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
