/** Cameras of a rig: virtual ones look into the simulator, real ones are known by the browser's device id and shown as they see now. */
import { Camera, Plus, Video } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote } from '../ui/note.tsx'
import { CameraRow } from './camera-row.tsx'
import { nextCamera, type CameraDraft, type RigDraft, type Wrong } from './draft.ts'
import { rigMessages } from './messages.ts'
import { useVideoDevices } from './use-video-devices.ts'

const most = 6

export interface CameraFormProps {
  readonly draft: RigDraft
  readonly wrong: Wrong
  readonly onChange: (cameras: readonly CameraDraft[]) => void
}

export function CameraForm({ draft, wrong, onChange }: CameraFormProps): ReactNode {
  const t = useMessages(rigMessages)
  const devices = useVideoDevices()
  const { cameras } = draft
  const isFull = cameras.length >= most
  const isSimulated = draft.follower.kind === 'simulated'
  return (
    <section className="section" data-testid="camera-form">
      <div className="section-head">
        <h3 className="rig-arm-name">{t.cameras}</h3>
      </div>
      {cameras.length === 0 && <p className="t2">{t.noCameras}</p>}
      <div className="rig-cameras">
        {cameras.map((camera, index) => (
          <CameraRow
            key={index}
            number={index + 1}
            camera={camera}
            problem={wrong.get(`camera.${index}`)}
            devices={devices}
            onChange={(part) =>
              onChange(cameras.map((old, at) => (at === index ? { ...old, ...part } : old)))
            }
            onRemove={() => onChange(cameras.filter((_, at) => at !== index))}
          />
        ))}
      </div>
      <div className="row rig-acts">
        {isSimulated && (
          <button
            type="button"
            className="btn btn-small"
            disabled={isFull}
            data-testid="add-virtual-camera"
            onClick={() => onChange([...cameras, nextCamera(cameras, 'virtual')])}
          >
            <Plus className="icon" aria-hidden="true" /> {t.addVirtual}
          </button>
        )}
        <button
          type="button"
          className="btn btn-small"
          disabled={isFull}
          data-testid="add-device-camera"
          onClick={() => onChange([...cameras, nextCamera(cameras, 'device')])}
        >
          <Video className="icon" aria-hidden="true" /> {t.addDevice}
        </button>
        {!devices.isAllowed && (
          <button type="button" className="btn btn-small" data-testid="find-cameras" onClick={devices.ask}>
            <Camera className="icon" aria-hidden="true" /> {t.findCameras}
          </button>
        )}
      </div>
      {devices.fault !== null && <FaultNote fault={devices.fault} />}
    </section>
  )
}
