/** The live screen: cameras, instruments, questions and keys; first run where no rig is connected. */
import type { ReactNode } from 'react'
import { useApp, useLive, useUi } from '../app/app-context.tsx'
import '../charts/charts.css'
import { FirstRun } from '../first-run/first-run.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import { KeyBar } from '../keys/key-bar.tsx'
import './cause/cause.css'
import { useForesightFeed } from './foresight/foresight-store.ts'
import { Instruments } from './instruments/instruments.tsx'
import './instruments/instruments.css'
import { CameraStage } from './stage/camera-stage.tsx'
import './stage/stage.css'
import { Strip } from './strip/strip.tsx'
import './strip/strip.css'
import './foresight/foresight.css'
import { StageToast } from './strip/toast.tsx'
import { useOperateCommands } from './use-operate-commands.ts'

export function OperateScreen(): ReactNode {
  // While a rig is being connected nothing can be asked of it yet: the first screen says that it starts.
  const hasRig = useLive((s) => s.rig?.status !== 'none' && s.rig?.status !== 'connecting')
  return hasRig ? <LiveRig /> : <FirstRun />
}

/** Apart from what is drawn: commands are built anew with every state, pictures and panels are not. */
function LiveCommands(): ReactNode {
  const app = useApp()
  useScopedCommands(app.registry, 'operate', useOperateCommands())
  return null
}

function LiveRig(): ReactNode {
  const twin = useUi((ui) => ui.twin)
  useForesightFeed()
  return (
    <>
      <LiveCommands />
      <div className="operate" data-twin={twin}>
        <section className="stage">
          <CameraStage />
          <Strip />
          <StageToast />
        </section>
        <Instruments />
      </div>
      <KeyBar />
    </>
  )
}
