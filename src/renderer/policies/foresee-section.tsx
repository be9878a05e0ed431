/** "What it foresees": each camera's live picture, and under it what the policy says will be there half a second on. */
import type { ReactNode } from 'react'
import type { PolicyEntry, PolicySettings } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { CameraView } from '../capture/camera-view.tsx'
import { PictureCanvas } from '../foresight/picture-canvas.tsx'
import { useMessages } from '../i18n/language.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { FaultNote } from '../ui/note.tsx'
import { msFigure } from './byte-figures.ts'
import { cameraIn } from './mapping.ts'
import { setupMessages } from './setup-messages.ts'
import type { Foresee } from './use-foresee.ts'

export interface ForeseeSectionProps {
  readonly entry: PolicyEntry
  readonly settings: PolicySettings
  readonly rig: RigContract
  readonly foresee: Foresee
}

export function ForeseeSection({ entry, settings, rig, foresee }: ForeseeSectionProps): ReactNode {
  const t = useMessages(setupMessages)
  const { state, place } = foresee
  const slots = (entry.contract?.cameras ?? []).flatMap(({ name }) => {
    const camera = cameraIn(name, settings, rig)
    return typeof camera === 'string' ? [{ slot: name, camera }] : []
  })
  if (entry.kind !== 'internvla-a1' || slots.length === 0) return null
  return (
    <section className="section" data-testid="foresee">
      <div className="section-head">
        <h2 className="heading nowrap">{t.foresees}</h2>
        <span className="size-s t3 cut">
          {state.status === 'asking' && t.foreseeing}
          {state.status === 'done' && state.tookMs !== null && t.foreseenIn(msFigure(state.tookMs))}
        </span>
      </div>
      <div className="foresee-views">
        {slots.map(({ slot, camera }) => {
          const size = rig.cameras.find(({ name }) => name === camera) ?? null
          const view = state.status === 'done' ? state.views.find((seen) => seen.camera === slot) : undefined
          return (
            <div key={slot} className="foresee-view">
              <div ref={(element) => place(slot, element)} className="foresee-live">
                <CameraView camera={camera} label={t.seesNow(camera)} className="camera-picture" />
              </div>
              {view !== undefined && (
                <PictureCanvas
                  picture={view}
                  camera={size}
                  label={t.foreseen(camera)}
                  className="foreseen"
                  testId={`foreseen-${slot}`}
                />
              )}
            </div>
          )
        })}
      </div>
      {state.status === 'idle' && <p className="size-s t3">{t.foreseeHint}</p>}
      {state.status === 'failed' && <FaultNote fault={state.fault} testId="foresee-fault" />}
      <span>
        <ActButton id="policies.foresee" testId="foresee-ask" isSmall />
      </span>
    </section>
  )
}
