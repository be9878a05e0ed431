/** Which joint of the rig stands for each channel of the policy. A mapping by name; nothing moves. */
import type { ReactNode } from 'react'
import type { PolicyContractMessage } from '#contract/services/policy.ts'
import { useMessages } from '../i18n/language.tsx'
import type { MappingProps } from './camera-mapping.tsx'
import { jointFor } from './mapping.ts'
import { setupMessages } from './setup-messages.ts'
import { PickField } from './text-field.tsx'

const unset = '?'

export interface JointMappingProps extends MappingProps {
  readonly contract: PolicyContractMessage
  /** Open from the start: the order does not fit. */
  readonly isOpen: boolean
}

export function JointMapping({ contract, settings, rig, isOpen, onChange }: JointMappingProps): ReactNode {
  const t = useMessages(setupMessages)
  const channels = [...new Set([...contract.state, ...contract.action].map(({ name }) => name))]
  return (
    <details className="joint-mapping" open={isOpen} data-testid="joint-mapping">
      <summary>{t.mapJoints}</summary>
      <p className="size-s t3">{t.mapJointsHint}</p>
      <div className="joint-mapping-rows">
        {channels.map((channel) => {
          const joint = jointFor(channel, settings, rig)
          return (
            <div key={channel} className="joint-mapping-row">
              <span>{channel.replace(/\.pos$/u, '')}</span>
              <PickField
                label={t.mapJoint(channel)}
                isLabelHidden
                value={joint ?? unset}
                options={[
                  ...(joint === undefined ? [{ value: unset, text: t.choose }] : []),
                  ...rig.state.map(({ name }) => ({ value: name, text: name.replace(/\.pos$/u, '') })),
                ]}
                testId={`map-joint-${channel}`}
                onChange={(value) =>
                  onChange({ ...settings, joints: { ...settings.joints, [channel]: value } })
                }
              />
            </div>
          )
        })}
      </div>
    </details>
  )
}
