/** One camera of the connected rig, large, with what is measured of it. */
import type { ReactNode } from 'react'
import type { RigConfig } from '#contract/services/rig.ts'
import { CameraView, useCameraStats } from '../capture/camera-view.tsx'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote } from '../ui/note.tsx'
import { rigMessages } from './messages.ts'

export function CameraPanel({ name, config }: { name: string; config: RigConfig }): ReactNode {
  const t = useMessages(rigMessages)
  const stats = useCameraStats(name)
  const camera = config.cameras.find((candidate) => candidate.name === name)
  if (camera === undefined) return null
  const figures = [
    `${camera.width} × ${camera.height}`,
    stats?.fps === null || stats === null ? null : `${fixed(stats.fps, 1)} fps`,
    stats?.ageMs === null || stats === null ? null : `${fixed(stats.ageMs, 0)} ms`,
  ].filter((figure) => figure !== null)
  return (
    <>
      <header>
        <h2 className="title">{name}</h2>
        <p className="desk-lead">
          {camera.kind === 'virtual' ? `${t.virtual} · ` : ''}
          {figures.join(' · ')}
        </p>
      </header>
      {stats?.fault !== null && stats !== null && <FaultNote fault={stats.fault} />}
      <div className="rig-picture" style={{ aspectRatio: `${camera.width} / ${camera.height}` }}>
        <CameraView camera={name} label={t.cameraPreview(name)} className="rig-picture-view" fit="contain" />
      </div>
    </>
  )
}
