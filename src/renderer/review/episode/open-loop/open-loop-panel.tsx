/** "Against a policy": what is run over the episode, how far it is, where it does not fit, and how far off it was. */
import { X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { useApp, useLive } from '../../../app/app-context.tsx'
import { useRepaint } from '../../../app/use-clock.ts'
import { useMessages } from '../../../i18n/language.tsx'
import { msFigure } from '../../../policies/byte-figures.ts'
import { PickField } from '../../../policies/text-field.tsx'
import { FaultNote } from '../../../ui/note.tsx'
import { Toggle } from '../../../ui/toggle.tsx'
import { policiesMessages } from '../../../policies/messages.ts'
import { openLoopMessages } from './messages.ts'
import type { OpenLoopDesk } from './open-loop.ts'
import { errorFigure, secondsLeft, type OpenLoopResult, type OpenLoopStatus } from './open-loop-state.ts'

export function OpenLoopPanel({ desk }: { desk: OpenLoopDesk }): ReactNode {
  const t = useMessages(openLoopMessages)
  const app = useApp()
  const entry = useLive((s) => s.policy?.loaded ?? null)
  const { status, result } = useStore(desk.store)
  return (
    <section className="section" data-testid="open-loop">
      <h2 className="heading">{t.title}</h2>
      {entry === null || entry.contract === null ? (
        <>
          <p className="size-s t2">{t.noPolicy}</p>
          <span>
            <button
              type="button"
              className="btn btn-small"
              data-testid="open-loop-policies"
              onClick={() => app.ui.setState({ screen: 'policies' })}
            >
              {t.goPolicies}
            </button>
          </span>
        </>
      ) : (
        <Start key={entry.id} desk={desk} entry={entry} status={status} />
      )}
      {status.kind === 'misfit' && (
        <InSight>
          <Misfit status={status} />
        </InSight>
      )}
      {status.kind === 'failed' && (
        <InSight>
          <FaultNote fault={status.fault} testId="open-loop-fault" />
        </InSight>
      )}
      {status.kind === 'cancelled' && <p className="size-s t2">{t.cancelled}</p>}
      {result !== null && <Scores result={result} />}
    </section>
  )
}

/** Why it did not run is the end of a column that may be longer than the screen: it comes into sight by itself. */
function InSight({ children }: { children: ReactNode }): ReactNode {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Not handed back to React: newer Chromiums answer with a promise, which is no clean-up.
    element.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return <div ref={element}>{children}</div>
}

function Start({
  desk,
  entry,
  status,
}: {
  desk: OpenLoopDesk
  entry: PolicyEntry
  status: OpenLoopStatus
}): ReactNode {
  const t = useMessages(openLoopMessages)
  const isWarm = useLive((s) => s.policy?.status === 'warm')
  const isDriving = useLive((s) => s.drive?.mode === 'policy' || s.drive?.mode === 'blend')
  const length = entry.contract?.chunkLength ?? 1
  const [stride, setStride] = useState(length)
  const foresees = entry.kind === 'internvla-a1'
  const [hasForesight, setHasForesight] = useState(foresees)
  const isBusy = status.kind === 'running' || status.kind === 'checking'
  if (isBusy) return <Running desk={desk} status={status} name={entry.name} />
  const reason = !isWarm ? t.notWarm : isDriving ? t.whileDriving : null
  const strides = [...new Set([length, 15, 5, 1])].filter((frames) => frames <= length)
  return (
    <>
      <p className="size-s t2 cut" title={t.hint}>
        {entry.name}
      </p>
      <PickField
        label={t.stride}
        value={String(stride)}
        options={strides.map((frames) => ({
          value: String(frames),
          text: frames === length ? t.everyChunk(frames) : t.everyFrames(frames),
        }))}
        testId="open-loop-stride"
        onChange={(value) => setStride(Number(value))}
      />
      {foresees && (
        <div className="setup-line">
          {t.withForesight}
          <Toggle
            label={t.withForesight}
            isOn={hasForesight}
            onChange={setHasForesight}
            testId="open-loop-foresight"
          />
        </div>
      )}
      <span>
        <button
          type="button"
          className="btn btn-small"
          disabled={reason !== null}
          data-testid="open-loop-run"
          onClick={() => void desk.start({ entry, stride, hasForesight: foresees && hasForesight })}
        >
          {t.run}
          {reason !== null && <span>· {reason}</span>}
        </button>
      </span>
    </>
  )
}

function Running({
  desk,
  status,
  name,
}: {
  desk: OpenLoopDesk
  status: OpenLoopStatus
  name: string
}): ReactNode {
  const t = useMessages(openLoopMessages)
  const app = useApp()
  useRepaint(true)
  const left = secondsLeft(status, app.timers.nowMs())
  return (
    <div className="col" data-testid="open-loop-progress">
      <progress
        className="job-bar"
        aria-label={t.progressOf(name)}
        max={1}
        {...(status.kind === 'running' && { value: status.done / status.total })}
      />
      <span className="row size-s t2 numbers">
        {status.kind === 'running' ? t.chunks(status.done, status.total) : t.checking}
        <span className="spring" />
        {left !== null && t.secondsLeft(Math.ceil(left))}
      </span>
      <span>
        <button
          type="button"
          className="btn btn-small"
          data-testid="open-loop-cancel"
          onClick={() => desk.cancel()}
        >
          {t.cancel}
        </button>
      </span>
    </div>
  )
}

function Misfit({ status }: { status: Extract<OpenLoopStatus, { kind: 'misfit' }> }): ReactNode {
  const t = useMessages(openLoopMessages)
  const names = useMessages(policiesMessages)
  const nameOf = (id: string): string => {
    const [kind = '', ...rest] = id.split('.')
    const name = Object.hasOwn(names, kind) ? names[kind as keyof typeof names] : kind
    return [typeof name === 'string' ? name : kind, rest.join('.')].filter((part) => part !== '').join(' ')
  }
  return (
    <div role="alert" className="col" data-testid="open-loop-misfit">
      <p className="is-bad">{t.doesNotFit(status.policyName)}</p>
      <ul className="facts size-s">
        {status.lines.map((line) => (
          <li key={line.id} className="fact">
            <X className="icon is-bad" aria-hidden="true" />
            <span>
              <b>{nameOf(line.id)}</b>
              <span className="policy-fix">{t.expects(line.expected, line.actual)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Scores({ result }: { result: OpenLoopResult }): ReactNode {
  const t = useMessages(openLoopMessages)
  const { score } = result
  return (
    <div className="col" data-testid="open-loop-scores">
      <dl className="pairs numbers">
        <dt>{t.mse}</dt>
        <dd data-testid="open-loop-mse">{errorFigure(score.mse)}</dd>
        <dt>{t.joints}</dt>
        <dd>{errorFigure(score.mseJoints)}</dd>
        {score.mseGripper !== null && (
          <>
            <dt>{t.gripper}</dt>
            <dd>{errorFigure(score.mseGripper)}</dd>
          </>
        )}
        <dt>{t.mae}</dt>
        <dd>{errorFigure(score.mae)}</dd>
        <dt>{t.compared}</dt>
        <dd>{t.framesOf(score.frames, result.frames)}</dd>
        {result.medianMs !== null && (
          <>
            <dt>{t.chunkTook}</dt>
            <dd>{msFigure(result.medianMs)} ms</dd>
          </>
        )}
      </dl>
      <p className="size-s t3">{t.inUnits}</p>
      <div className="section-head">
        <h3 className="heading">{t.perJoint}</h3>
        <span className="size-s t3">{t.predictedLegend}</span>
      </div>
      <dl className="pairs numbers">
        {result.channels.map((channel, index) => (
          <Channel key={channel} name={channel} value={errorFigure(score.mseByChannel[index] ?? null)} />
        ))}
      </dl>
      {result.areUnitsAssumed && <p className="size-s is-warn">{t.unitsAssumed}</p>}
    </div>
  )
}

const Channel = ({ name, value }: { name: string; value: string }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
)
