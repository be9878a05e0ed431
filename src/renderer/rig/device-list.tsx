/** The connected rig's devices, each with its state in a word. */
import { Check, TriangleAlert, Unplug, Video } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ArmState, RigConfig, RigState } from '#contract/services/rig.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { armMayHaveTorque } from '../app/torque.ts'
import { useCameraStats } from '../capture/camera-view.tsx'
import { simulatedPair } from '../first-run/simulated-pair.ts'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { ArmIcon } from '../ui/icons.tsx'
import { cameraVerdict } from './camera-verdict.ts'
import { rigMessages } from './messages.ts'
import { HelpItem } from './rig-list.tsx'
import { isSameDevice, pickDevice, rigViewOf, useRigView, type Device } from './rig-view.ts'
import type { RigActs } from './use-rig-acts.ts'

export interface DeviceListProps {
  readonly rig: RigState
  readonly config: RigConfig
  readonly acts: RigActs
}

export function DeviceList({ rig, config, acts }: DeviceListProps): ReactNode {
  const t = useMessages(rigMessages)
  const mayMove = useLive(armMayHaveTorque)
  const isSimulated = rig.arms.some((arm) => arm.isSimulated)
  return (
    <nav className="desk-list" aria-label={t.rig} data-region="list">
      <div className="desk-head">
        <h1 className="subtitle cut">{config.name === simulatedPair.name ? t.simulatedPair : config.name}</h1>
        <span className="spring" />
        {isSimulated && config.name !== simulatedPair.name && <span className="chip">{t.simulated}</span>}
      </div>
      <h2 className="heading">{t.arms}</h2>
      {rig.arms.map((arm) => (
        <ArmItem key={arm.role} arm={arm} />
      ))}
      {config.cameras.length > 0 && <h2 className="heading">{t.cameras}</h2>}
      {config.cameras.map(({ name }) => (
        <CameraItem key={name} name={name} wantedFps={config.fps} />
      ))}
      <span className="spring" />
      <HelpItem />
      <button
        type="button"
        className="btn btn-small"
        disabled={mayMove || acts.isBusy || rig.status === 'connecting'}
        data-testid="rig-disconnect"
        onClick={() => acts.disconnect()}
      >
        <Unplug className="icon" aria-hidden="true" /> {t.disconnect}
        {mayMove && <span className="t3">· {t.afterTorqueOff}</span>}
      </button>
    </nav>
  )
}

interface ItemProps {
  readonly device: Device
  readonly icon: ReactNode
  readonly name: string
  readonly note: string
  readonly state: ReactNode
  readonly testId: string
}

function Item({ device, icon, name, note, state, testId }: ItemProps): ReactNode {
  const view = rigViewOf(useApp())
  const selected = useRigView((now) => now.device)
  const isHelpShown = useRigView((now) => now.isHelpShown)
  return (
    <button
      type="button"
      className="desk-item"
      aria-current={!isHelpShown && isSameDevice(device, selected) ? 'true' : undefined}
      data-testid={testId}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => pickDevice(view, device)}
    >
      {icon}
      <span className="desk-item-text">
        <b className="cut">{name}</b>
        <span className="size-s t2 cut">{note}</span>
      </span>
      {state}
    </button>
  )
}

function ArmItem({ arm }: { arm: ArmState }): ReactNode {
  const t = useMessages(rigMessages)
  const isReady = arm.status === 'ready'
  return (
    <Item
      device={{ kind: 'arm', role: arm.role }}
      icon={<ArmIcon className="icon" />}
      name={t[arm.role]}
      note={arm.isSimulated ? t.simulated : (arm.port.split('/').at(-1) ?? arm.port)}
      testId={`device-${arm.role}`}
      state={
        <span
          className={`desk-item-state ${isReady ? 'is-ok' : arm.status === 'connecting' ? 'is-accent' : 'is-bad'}`}
        >
          {isReady ? (
            <Check className="icon" aria-hidden="true" />
          ) : (
            arm.status !== 'connecting' && <TriangleAlert className="icon" aria-hidden="true" />
          )}
          {t[arm.status]}
        </span>
      }
    />
  )
}

function CameraItem({ name, wantedFps }: { name: string; wantedFps: number }): ReactNode {
  const t = useMessages(rigMessages)
  const stats = useCameraStats(name)
  const verdict = cameraVerdict(stats, wantedFps)
  const fps = stats?.fps ?? null
  return (
    <Item
      device={{ kind: 'camera', name }}
      icon={<Video className="icon" aria-hidden="true" />}
      name={name}
      note={
        fps === null ? '' : verdict === 'slow' ? t.fpsOf(fixed(fps, 1), wantedFps) : `${fixed(fps, 1)} fps`
      }
      testId={`device-${name}`}
      state={
        <span
          className={`desk-item-state ${verdict === 'ready' ? 'is-ok' : verdict === 'waiting' ? 't3' : verdict === 'slow' ? 'is-warn' : 'is-bad'}`}
        >
          {verdict === 'ready' ? (
            <Check className="icon" aria-hidden="true" />
          ) : (
            verdict !== 'waiting' && <TriangleAlert className="icon" aria-hidden="true" />
          )}
          {t[verdict]}
        </span>
      }
    />
  )
}
