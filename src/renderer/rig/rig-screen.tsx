/** Rig: devices at the left, the one thing being done in the middle, bus and simulator faults at the right. */
import { useEffect, type ReactNode } from 'react'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import '../ui/desk.css'
import { RefusalNote } from '../ui/refusal.tsx'
import { ArmPanel } from './arm-panel.tsx'
import { BusFacts } from './bus-facts.tsx'
import { CameraPanel } from './camera-panel.tsx'
import { ConnectingPanel } from './connecting-panel.tsx'
import { DeviceList } from './device-list.tsx'
import { DraftPanel } from './draft-panel.tsx'
import { FaultPanel } from './fault-panel.tsx'
import { HelpPanel } from './help-panel.tsx'
import { rigMessages } from './messages.ts'
import { rigCommands } from './rig-commands.ts'
import './rig.css'
import { RigList } from './rig-list.tsx'
import { devicesOf, isSameDevice, pickDevice, pickRig, rigViewOf, useRigView } from './rig-view.ts'
import { useFound } from './use-found.ts'
import { useRigActs } from './use-rig-acts.ts'

export function RigScreen(): ReactNode {
  const t = useMessages(rigMessages)
  const app = useApp()
  const rig = useLive((s) => s.rig)
  const status = rig?.status ?? 'none'
  const hasRig = status !== 'none' && rig?.rig !== null && rig !== null
  const found = useFound(!hasRig)
  const acts = useRigActs(found.look)
  const isHelpShown = useRigView((view) => view.isHelpShown)
  const device = useRigView((view) => view.device)
  const view = rigViewOf(app)
  useScopedCommands(app.registry, 'rig', rigCommands({ t, rig, found, acts, view }))

  // A rig that was refused is what the person wants to mend: it becomes the draft.
  const refused = status === 'none' ? (rig?.rig ?? null) : null
  const refusedKey = JSON.stringify(refused)
  useEffect(() => {
    const mended = refusedKey === 'null' ? null : app.live.getState().rig?.rig
    if (mended !== null && mended !== undefined) pickRig(view, mended)
  }, [app, refusedKey, view])

  // A device that the rig no longer has cannot stay selected.
  const config = rig?.rig ?? null
  useEffect(() => {
    if (config !== null && !devicesOf(config).some((known) => isSameDevice(known, device)))
      pickDevice(view, { kind: 'arm', role: 'follower' })
  }, [config, device, view])
  return (
    <div className="desk rig">
      {hasRig && config !== null ? (
        <DeviceList rig={rig} config={config} acts={acts} />
      ) : (
        <RigList found={found} />
      )}
      <section className="desk-main" data-region="rig">
        {isHelpShown ? (
          <HelpPanel ports={found.ports} />
        ) : status === 'connecting' && rig !== null ? (
          <ConnectingPanel rig={rig} />
        ) : !hasRig || rig === null || config === null ? (
          <DraftPanel rig={rig} found={found} acts={acts} />
        ) : device.kind === 'camera' ? (
          <CameraPanel key={device.name} name={device.name} config={config} />
        ) : (
          <ArmPanel role={device.role} rig={rig} config={config} acts={acts} />
        )}
        <RefusalNote />
      </section>
      <aside className="desk-inspect" data-region="inspector">
        {hasRig && config !== null && (
          <BusFacts
            key={device.kind === 'arm' ? device.role : 'follower'}
            role={device.kind === 'arm' ? device.role : 'follower'}
            config={config}
          />
        )}
        {hasRig && config !== null && <FaultPanel config={config} />}
        <span className="spring" />
        <p className="size-s t3">{t.powerSwitch}</p>
      </aside>
    </div>
  )
}
