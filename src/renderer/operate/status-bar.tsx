/** Health of the rig in one line, repainted ten times a second at most. */
import { Volume2, VolumeX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApp, useLive } from '../app/app-context.tsx'
import { frameMessages } from '../app/messages.ts'
import { useCaptureState } from '../capture/camera-view.tsx'
import { useMessages } from '../i18n/language.tsx'
import { BadgeShape } from './control-bar/badge-shape.tsx'
import { operateMessages } from './messages.ts'
import { statusCells } from './status-model.ts'

const none: readonly { readonly name: string }[] = []

/** `isQuiet`: the control bar is away because no torque is on, so the bar says the mode itself. */
export function StatusBar({ isQuiet }: { isQuiet: boolean }): ReactNode {
  const frame = useMessages(frameMessages)
  const t = useMessages(operateMessages)
  const app = useApp()
  const drive = useLive((s) => s.drive)
  const isLost = useLive((s) => s.lostRig !== null || s.rig?.left !== undefined)
  const hasRig = useLive((s) => s.rig !== null && s.rig.status !== 'none')
  const cameras = useLive((s) => s.rig?.rig?.cameras) ?? none
  const isSoundOn = useLive((s) => s.settings?.isSoundOn ?? false)
  const cells = statusCells({
    drive,
    record: useLive((s) => s.record),
    policy: useLive((s) => s.policy),
    simSpeed: useLive((s) => s.simSpeed),
    capture: useCaptureState(),
    cameras: cameras.map((camera) => camera.name),
    t,
  })
  return (
    <footer className="status" aria-label={frame.rigHealth} data-testid="status-bar">
      {isQuiet && !hasRig && (
        <span>
          <span className="status-name">{frame.rig}</span>
          <b>{isLost ? t.linkBroken : t.noArm}</b>
        </span>
      )}
      {isQuiet && hasRig && drive !== null && (
        <span className="status-source">
          <BadgeShape mode={drive.mode} />
          {t[drive.mode]}
        </span>
      )}
      {cells.map((cell) => (
        <span key={cell.id} className={cell.isWide ? 'is-wide' : undefined} data-testid={`status-${cell.id}`}>
          <span className="status-name">{cell.name}</span>
          <b className={cell.isBad ? 'is-bad' : undefined}>{cell.value}</b>{' '}
          <span className="t3">{cell.note}</span>
        </span>
      ))}
      <span className="spring" />
      <button
        type="button"
        className="status-sound"
        aria-label={frame.sound}
        aria-pressed={isSoundOn}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => app.act((services) => services.shell.changeSettings({ isSoundOn: !isSoundOn }))}
      >
        {isSoundOn ? (
          <Volume2 className="icon" aria-hidden="true" />
        ) : (
          <VolumeX className="icon" aria-hidden="true" />
        )}
      </button>
    </footer>
  )
}
