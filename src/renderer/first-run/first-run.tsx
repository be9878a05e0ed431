/**
 * No rig yet: one primary act, `Enter`, starts the simulated pair; plugged-in arms and saved rigs are offered beside it. After
 * the rig host ended under a connected rig, the primary act is to connect that one again.
 */
import { Plug } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { PortInfo, RigConfig } from '#contract/services/rig.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import type { ScreenId } from '../app/ui-state.ts'
import type { Language } from '../i18n/define-messages.ts'
import { faultText, named } from '../i18n/faults.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'
import { holdMs, type Command } from '../keys/command.ts'
import { useScopedCommands } from '../keys/command-registry.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import './first-run.css'
import { firstRunMessages } from './messages.ts'
import { LazyTwin } from '../ui/lazy-twin.tsx'
import { simulatedPair } from './simulated-pair.ts'

const lookMs = 2000

interface Found {
  readonly ports: readonly PortInfo[]
  readonly saved: readonly RigConfig[]
}

/** Ports and saved rigs, looked at again every two seconds: an arm that is plugged in appears by itself. */
function useFound(): Found {
  const app = useApp()
  const hasSession = useLive((s) => s.session !== null)
  const [found, setFound] = useState<Found>({ ports: [], saved: [] })
  useEffect(() => {
    const services = app.services()
    if (!hasSession || services === null) return undefined
    let isGone = false
    const look = async (): Promise<void> => {
      try {
        const [ports, saved] = await Promise.all([
          services.rig.ports(undefined),
          services.rig.savedRigs(undefined),
        ])
        if (!isGone) setFound({ ports, saved })
      } catch {
        // The rig host is away; the control bar says so.
      }
    }
    void look()
    const timer = app.timers.every(lookMs, () => void look())
    return () => {
      isGone = true
      timer[Symbol.dispose]()
    }
  }, [app, hasSession])
  return found
}

/** An arm may have been left on another day. */
const dayAndTime = (iso: string, language: Language): string =>
  new Date(iso).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  })

/** A drawing, not a report: the arm reaching for a cube. */
const reaching: JointVector = [0.25, -0.25, 0.45, 1.05, 0, 0.45]
const readPose = (): JointVector => reaching

export function FirstRun(): ReactNode {
  const t = useMessages(firstRunMessages)
  const language = useLanguage()
  const app = useApp()
  const { ports, saved } = useFound()
  const hasScreen = (id: ScreenId): boolean => app.screens.some((screen) => screen.id === id)
  const fault = useLive((s) => s.rig?.fault ?? null)
  const simulator = useLive((s) => s.session?.services.sim ?? null)
  const left = useLive((s) => s.rig?.left ?? null)
  const lostHere = useLive((s) => s.lostRig)
  const lost = lostHere ?? left?.rig ?? null
  const [isStarting, setIsStarting] = useState(false)

  const connect = (config: RigConfig): void => {
    setIsStarting(true)
    app.act(async (services) => {
      try {
        await services.rig.connect(config)
        await services.shell.changeSettings({ lastRig: config.name })
      } finally {
        setIsStarting(false)
      }
    })
  }
  const goTo = (screen: ScreenId): void => app.ui.setState({ screen })
  const first = lost ?? simulatedPair
  const firstTitle = lost === null ? t.start : t.connectAgain(lost.name)
  const offered = saved.filter(({ name }) => name !== simulatedPair.name && name !== first.name).slice(0, 2)
  const commands: Command[] = [
    {
      id: 'firstRun.start',
      title: firstTitle,
      chords: ['Enter'],
      press: 'down',
      availability: isStarting ? 'hidden' : 'ready',
      run: () => connect(first),
    },
    {
      id: 'firstRun.openDataset',
      title: t.openDataset,
      chords: ['O'],
      press: 'down',
      availability: hasScreen('review') ? 'ready' : 'hidden',
      run: () => goTo('review'),
    },
  ]
  useScopedCommands(app.registry, 'operate', commands)
  const names = ports.map((port) => port.path).join(', ')
  return (
    <div className="first-run" data-testid="first-run">
      {lost === null && (
        <LazyTwin readFollower={readPose} sim={simulator} label={t.picture} className="first-run-scene" />
      )}
      <div className="first-run-text">
        <div>
          <h1 className="first-run-title">
            {lostHere !== null
              ? t.titleLost
              : lost !== null
                ? t.titleLeft
                : ports.length === 0
                  ? t.titleNoArm
                  : t.titleArm}
            <br />
            {lost !== null ? t.titleAgain : ports.length === 0 ? t.titleTry : t.titleSetUp}
          </h1>
          <p className="first-run-lead">
            {lostHere !== null
              ? t.leadLost
              : left !== null
                ? t.leadLeft(left.rig.name, dayAndTime(left.since, language))
                : t.lead}
          </p>
        </div>
        {lost === null && (
          <ol className="first-run-steps">
            <Step number={1} title={t.stepStart} note={t.stepStartNote} />
            <Step
              number={2}
              title={
                <>
                  {t.stepPress} <KeyCap chord="Enter" holdMs={holdMs} /> {t.stepMove}
                </>
              }
              note={t.stepMoveNote}
            />
            <Step
              number={3}
              title={
                <>
                  <KeyCap chord="ArrowRight" /> {t.stepTake} <KeyCap chord="ArrowRight" /> {t.stepSave}
                </>
              }
              note={t.stepSaveNote}
            />
          </ol>
        )}
        <div className="row first-run-acts">
          <button
            type="button"
            className="btn btn-primary btn-large"
            disabled={isStarting}
            data-testid="start-simulated-pair"
            onClick={() => connect(first)}
          >
            {isStarting ? (lost === null ? t.starting : t.connecting) : firstTitle} <KeyCap chord="Enter" />
          </button>
          {first.name !== simulatedPair.name && (
            <button
              type="button"
              className="btn btn-large"
              disabled={isStarting}
              onClick={() => connect(simulatedPair)}
            >
              {t.start}
            </button>
          )}
          {offered.map((config) => (
            <button
              key={config.name}
              type="button"
              className="btn btn-large"
              disabled={isStarting}
              onClick={() => connect(config)}
            >
              {t.connectSaved(config.name)}
            </button>
          ))}
          {hasScreen('review') && (
            <button type="button" className="btn btn-large" onClick={() => goTo('review')}>
              {t.openDataset} <KeyCap chord="O" />
            </button>
          )}
        </div>
        {fault !== null && (
          <p className="row is-bad" role="alert">
            {named(t.failed, faultText(fault.code, language).what, language)}
            {language === 'zh' ? '。' : '. '}
            {faultText(fault.code, language).todo}
          </p>
        )}
        <p className="row size-s t2">
          <Plug className="icon" aria-hidden="true" />
          {ports.length > 0 ? t.found(names) : t.plugIn}
          {ports.length > 0 && hasScreen('rig') && (
            <button type="button" className="link" onClick={() => goTo('rig')}>
              {t.setUpArm}
            </button>
          )}
        </p>
      </div>
    </div>
  )
}

function Step(props: { number: number; title: ReactNode; note: string }): ReactNode {
  return (
    <li>
      <span className="first-run-number">{props.number}</span>
      <div>
        <b>{props.title}</b>
        <span className="t2">{props.note}</span>
      </div>
    </li>
  )
}
