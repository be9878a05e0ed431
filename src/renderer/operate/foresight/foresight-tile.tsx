/**
 * What one camera will see, under what it sees now, at the same size and crop. When the predicted moment has come the picture
 * goes, and where it differed stands in its place until the next one.
 */
import type { ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { PictureCanvas } from '../../foresight/picture-canvas.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { ErrorMap } from './error-map.tsx'
import { cameraOfView, isAhead } from './foresight-state.ts'
import { useForesight } from './foresight-store.ts'
import { foresightMessages } from './messages.ts'

export function ForesightTile({ camera }: { camera: string }): ReactNode {
  const t = useMessages(foresightMessages)
  const app = useApp()
  const size = useLive((s) => s.rig?.rig?.cameras.find(({ name }) => name === camera) ?? null)
  const names = useLive((s) => s.rig?.rig?.cameras)?.map(({ name }) => name) ?? []
  const { prediction, surprise, settings } = useForesight((state) => state)
  useRepaint(prediction !== null)
  const isOf = (view: string): boolean => cameraOfView(view, names, settings) === camera
  const nowUs = app.clock.nowRigUs()
  const view = prediction?.views.find((seen) => isOf(seen.camera))
  const matured = surprise?.views.find((seen) => isOf(seen.camera))
  const score = matured === undefined ? null : fixed(matured.score, 2)
  const plate = score !== null && (
    <p className="plate">
      {t.surprise} <b>{score}</b>
    </p>
  )
  if (prediction !== null && view !== undefined && nowUs !== null && isAhead(prediction, nowUs)) {
    const horizon = fixed((prediction.dueUs - prediction.observationUs) / 1e6, 1)
    return (
      <div className="camera foresight-tile" data-testid={`foresight-${camera}`} data-kind="ahead">
        <PictureCanvas
          picture={view}
          camera={size}
          label={t.foreseenLabel(camera, horizon, score)}
          className="foresight-picture"
        />
        <span className="plate plate-foresight">
          {t.foresight} +{horizon} s
        </span>
        <p className="plate plate-age">{t.made(fixed((nowUs - prediction.observationUs) / 1e6, 1))}</p>
        {plate}
      </div>
    )
  }
  if (matured !== undefined)
    return (
      <div className="camera foresight-tile" data-testid={`foresight-${camera}`} data-kind="came">
        <ErrorMap view={matured} label={t.cameLabel(camera, score ?? '')} testId={`error-${camera}`} />
        <span className="plate plate-foresight">{t.came}</span>
        {plate}
      </div>
    )
  return (
    <div className="camera foresight-tile" data-testid={`foresight-${camera}`} data-kind="none">
      <p className="camera-waiting">{t.noneYet}</p>
    </div>
  )
}

/** The same map over the live picture, for the view "over". */
export function LiveError({ camera }: { camera: string }): ReactNode {
  const t = useMessages(foresightMessages)
  const names = useLive((s) => s.rig?.rig?.cameras)?.map(({ name }) => name) ?? []
  const { surprise, settings } = useForesight((state) => state)
  const view = surprise?.views.find((seen) => cameraOfView(seen.camera, names, settings) === camera)
  if (view === undefined) return null
  const score = fixed(view.score, 2)
  return (
    <>
      <ErrorMap view={view} label={t.cameLabel(camera, score)} testId={`over-${camera}`} />
      <span className="plate plate-over">
        {t.surprise} <b>{score}</b>
      </span>
    </>
  )
}
