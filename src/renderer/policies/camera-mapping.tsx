/** One slot of the policy: which camera of the rig fills it, with what that camera sees now. */
import type { ReactNode } from 'react'
import type { PolicySettings } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { CameraView } from '../capture/camera-view.tsx'
import { useMessages } from '../i18n/language.tsx'
import { cameraIn } from './mapping.ts'
import { setupMessages } from './setup-messages.ts'
import { PickField } from './text-field.tsx'

export interface MappingProps {
  readonly settings: PolicySettings
  readonly rig: RigContract
  readonly onChange: (settings: PolicySettings) => void
}

/** What no camera is called: names of cameras have no such characters. */
const unset = '?'
const empty = ''

export function CameraMapping({ slot, settings, rig, onChange }: MappingProps & { slot: string }): ReactNode {
  const t = useMessages(setupMessages)
  const camera = cameraIn(slot, settings, rig)
  const choose = (value: string): void =>
    onChange({ ...settings, cameras: { ...settings.cameras, [slot]: value === empty ? null : value } })
  return (
    <div className="camera-slot" data-testid={`slot-${slot}`}>
      {typeof camera === 'string' ? (
        <CameraView key={camera} camera={camera} label={t.seesNow(camera)} className="camera-slot-picture" />
      ) : (
        <span className="camera-slot-picture" data-empty="" />
      )}
      <PickField
        label={t.mapCamera(slot)}
        isLabelHidden
        value={camera === undefined ? unset : (camera ?? empty)}
        options={[
          ...(camera === undefined ? [{ value: unset, text: t.choose }] : []),
          ...rig.cameras.map(({ name }) => ({ value: name, text: name })),
          { value: empty, text: t.emptySlot },
        ]}
        testId={`map-${slot}`}
        onChange={choose}
      />
    </div>
  )
}
