/** Writing a rig: name, arms, cameras; above it, when the last try was refused, why and what mends it. */
import type { ReactNode } from 'react'
import type { RigState } from '#contract/services/rig.ts'
import { useApp } from '../app/app-context.tsx'
import { simulatedPair } from '../first-run/simulated-pair.ts'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { ArmForm } from './arm-form.tsx'
import { CameraForm } from './camera-form.tsx'
import { newArm, readDraft, type ArmDraft } from './draft.ts'
import { Field } from './field.tsx'
import { rigMessages } from './messages.ts'
import { RefusedPanel } from './refused-panel.tsx'
import { editDraft, rigViewOf, useRigView } from './rig-view.ts'
import type { FoundNow } from './use-found.ts'
import type { RigActs } from './use-rig-acts.ts'

export interface DraftPanelProps {
  readonly rig: RigState | null
  readonly found: FoundNow
  readonly acts: RigActs
}

const noWrong = new Map<string, never>()

export function DraftPanel({ rig, found, acts }: DraftPanelProps): ReactNode {
  const t = useMessages(rigMessages)
  const view = rigViewOf(useApp())
  const draft = useRigView((state) => state.draft)
  const source = useRigView((state) => state.source)
  const isChecked = useRigView((state) => state.isChecked)
  const reading = readDraft(draft)
  const wrong = isChecked && !reading.isValid ? reading.wrong : noWrong
  const isSaved = found.saved.some((config) => config.name === source)
  const setArm = (role: 'follower' | 'leader', part: Partial<ArmDraft>): void =>
    editDraft(view, { [role]: { ...draft[role], ...part } })
  return (
    <>
      <header className="row rig-head">
        <div>
          <h2 className="title">{source === simulatedPair.name ? t.simulatedPair : (source ?? t.newRig)}</h2>
          <p className="desk-lead">{t.connectLead}</p>
        </div>
        <span className="spring" />
        {isSaved && source !== null && (
          <button
            type="button"
            className="btn btn-small btn-ghost"
            disabled={acts.isBusy}
            onClick={() => acts.remove(source)}
          >
            {t.removeRig}
          </button>
        )}
        <button
          type="button"
          className="btn btn-small"
          disabled={acts.isBusy}
          data-testid="rig-save"
          onClick={() => acts.saveDraft()}
        >
          {t.saveRig} <KeyCap chord="Ctrl+S" />
        </button>
        <button
          type="button"
          className="btn btn-primary"
          disabled={acts.isBusy}
          data-testid="rig-connect"
          onClick={() => acts.connectDraft()}
        >
          {t.connect} <KeyCap chord="Enter" />
        </button>
      </header>
      {rig !== null && rig.fault !== null && rig.status === 'none' && rig.rig?.name === source && (
        <RefusedPanel rig={rig} acts={acts} />
      )}
      <div className="rig-form">
        <Field
          label={t.name}
          value={draft.name}
          problem={wrong.get('name')}
          testId="rig-name"
          onChange={(name) => editDraft(view, { name })}
        />
        <Field
          label={t.rate}
          value={draft.fps}
          problem={wrong.get('fps')}
          testId="rig-fps"
          onChange={(fps) => editDraft(view, { fps })}
        />
      </div>
      <div className="rig-arms">
        <ArmForm
          armRole="follower"
          arm={draft.follower}
          wrong={wrong}
          found={found}
          onChange={(part) => setArm('follower', part)}
        />
        <ArmForm
          armRole="leader"
          arm={draft.hasLeader ? draft.leader : null}
          wrong={wrong}
          found={found}
          onChange={(part) => setArm('leader', part)}
          onPresence={(hasLeader) => editDraft(view, { hasLeader, leader: newArm(draft.follower.kind) })}
        />
      </div>
      <CameraForm draft={draft} wrong={wrong} onChange={(cameras) => editDraft(view, { cameras })} />
    </>
  )
}
