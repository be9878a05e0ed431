/** All cameras of the connected rig, small, in one row: a look is enough to see that each is the one it is called. */
import type { ReactNode } from 'react'
import type { RigConfig } from '#contract/services/rig.ts'
import { CameraView } from '../capture/camera-view.tsx'
import { useMessages } from '../i18n/language.tsx'
import { rigMessages } from './messages.ts'

export function CameraStrip({ cameras }: { cameras: RigConfig['cameras'] }): ReactNode {
  const t = useMessages(rigMessages)
  return (
    <div className="rig-strip">
      {cameras.map(({ name }) => (
        <div key={name} className="rig-strip-item">
          <CameraView camera={name} label={t.cameraPreview(name)} className="rig-picture-view" />
          <span className="rig-strip-name">{name}</span>
        </div>
      ))}
    </div>
  )
}
