/** One live picture with its plate: name, measured rate, measured age. A camera in trouble says what it is and what to do. */
import type { ReactNode } from 'react'
import { CameraView, useCameraStats } from '../../capture/camera-view.tsx'
import { faultText } from '../../i18n/faults.ts'
import { fixed } from '../../i18n/figures.ts'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { LiveError } from '../foresight/foresight-tile.tsx'
import { operateMessages } from '../messages.ts'

export interface CameraTileProps {
  readonly camera: string
  /** The first picture writes its unit out. */
  readonly isFirst: boolean
  /** Beside a prediction a live picture says that it is live. */
  readonly isTagged: boolean
  /** Where the last prediction was wrong is drawn over it. */
  readonly hasErrorOver?: boolean
}

export function CameraTile({ camera, isFirst, isTagged, hasErrorOver = false }: CameraTileProps): ReactNode {
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const stats = useCameraStats(camera)
  const fps = stats?.fps ?? null
  const ageMs = stats?.ageMs ?? null
  const figures = [
    fps === null ? null : isFirst ? `${fixed(fps, 1)} fps` : fixed(fps, 1),
    ageMs === null ? null : `${fixed(ageMs, 0)} ms`,
  ].filter((figure) => figure !== null)
  const isLive = stats?.status === 'live'
  const label = isLive && ageMs !== null ? t.cameraLive(camera, Math.round(ageMs)) : t.cameraNoPicture(camera)
  const fault = stats?.fault ?? null
  return (
    <div className="camera" data-testid={`camera-${camera}`} data-status={stats?.status ?? 'waiting'}>
      <CameraView camera={camera} label={label} className="camera-picture" />
      {fault !== null && (
        <p className="camera-trouble">
          <span>
            <b>{faultText(fault.code, language).what}</b>
            {faultText(fault.code, language).todo}
          </span>
        </p>
      )}
      {fault === null && (stats === null || stats.status === 'waiting') && (
        <p className="camera-waiting">{t.cameraWaiting}</p>
      )}
      {stats?.status === 'stalled' && (
        <p className="camera-trouble">
          <b>{t.cameraStalled}</b>
        </p>
      )}
      {hasErrorOver && isLive && <LiveError camera={camera} />}
      {isTagged && isLive && <span className="plate plate-live">{t.live}</span>}
      <p className="plate">
        {camera}
        {figures.length > 0 && <span className="plate-figures">{figures.join(' · ')}</span>}
      </p>
    </div>
  )
}
