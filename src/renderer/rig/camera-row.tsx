/** One camera of the form: what it sees, its name in the dataset, which device, and the size of its pictures. */
import { Box, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { DeviceThumb } from './device-thumb.tsx'
import { pictureSizes, type CameraDraft, type DraftProblem } from './draft.ts'
import { Field, problemText, Select } from './field.tsx'
import { rigMessages } from './messages.ts'
import type { VideoDevices } from './use-video-devices.ts'

export interface CameraRowProps {
  readonly number: number
  readonly camera: CameraDraft
  readonly problem: DraftProblem | undefined
  readonly devices: VideoDevices
  readonly onChange: (part: Partial<CameraDraft>) => void
  readonly onRemove: () => void
}

export function CameraRow({
  number,
  camera,
  problem,
  devices,
  onChange,
  onRemove,
}: CameraRowProps): ReactNode {
  const t = useMessages(rigMessages)
  const isKnown = devices.list.some((device) => device.deviceId === camera.deviceId)
  const options = [
    { value: '', text: t.chooseDevice },
    ...devices.list
      .filter((device) => device.deviceId !== '')
      .map((device, index) => ({ value: device.deviceId, text: device.label || t.cameraN(index + 1) })),
    ...(camera.deviceId !== '' && !isKnown ? [{ value: camera.deviceId, text: t.notHere }] : []),
  ]
  const sizes: readonly string[] = pictureSizes
  const shownSizes = sizes.includes(camera.size) ? sizes : [...sizes, camera.size]
  const isDeviceProblem = problem === 'device' || problem === 'virtualNeedsSim'
  return (
    <div className="rig-camera" data-testid={`camera-row-${number}`}>
      <div className="rig-thumb">
        {camera.kind === 'device' && camera.deviceId !== '' && devices.isAllowed ? (
          <DeviceThumb deviceId={camera.deviceId} label={t.cameraPreview(camera.name)} />
        ) : (
          <Box className="icon t3" aria-hidden="true" />
        )}
      </div>
      <Field
        label={t.cameraName}
        value={camera.name}
        problem={isDeviceProblem ? undefined : problem}
        testId={`camera-name-${number}`}
        onChange={(name) => onChange({ name })}
      />
      {camera.kind === 'device' ? (
        <Select
          label={t.device}
          value={camera.deviceId}
          options={options}
          problem={isDeviceProblem ? problem : undefined}
          testId={`camera-device-${number}`}
          onChange={(deviceId) => onChange({ deviceId })}
        />
      ) : (
        <div className="field">
          {t.device}
          <span className="rig-virtual">{t.virtual}</span>
          {isDeviceProblem && <span className="field-error">{problemText(problem, t)}</span>}
        </div>
      )}
      <Select
        label={t.size}
        value={camera.size}
        options={shownSizes.map((size) => ({ value: size, text: size }))}
        testId={`camera-size-${number}`}
        onChange={(size) => onChange({ size })}
      />
      <button type="button" className="btn btn-small btn-ghost" aria-label={t.remove} onClick={onRemove}>
        <Trash2 className="icon" aria-hidden="true" />
      </button>
    </div>
  )
}
