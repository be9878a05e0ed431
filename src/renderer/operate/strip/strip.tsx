/** Under the cameras: questions first, then the session, or the panel that asks where takes go. */
import { Info, Save, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApp, useLive, useUi } from '../../app/app-context.tsx'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { CommandButton } from '../command-key.tsx'
import { SurpriseStrip } from '../foresight/surprise-strip.tsx'
import { usePolicyView } from '../foresight/use-policy-view.ts'
import { useProposal } from '../foresight/use-proposal.ts'
import { JointHistory } from '../instruments/history-panel.tsx'
import { CameraTile } from '../stage/camera-tile.tsx'
import { useStageLayout } from '../stage/use-stage-layout.ts'
import { useIsWatching } from '../use-is-watching.ts'
import { DatasetPanel } from './dataset-panel.tsx'
import { stripLines, type LineTone, type StripLine } from './lines-model.ts'
import { stripMessages } from './messages.ts'
import { SessionRow } from './session-row.tsx'

const glyphs: Readonly<Record<LineTone, ReactNode>> = {
  info: <Info className="icon is-accent" aria-hidden="true" />,
  warn: <TriangleAlert className="icon is-warn" aria-hidden="true" />,
  bad: <X className="icon is-bad" aria-hidden="true" />,
  safe: <Save className="icon is-ok" aria-hidden="true" />,
}

const shownLines = 3

export function Strip(): ReactNode {
  const t = useMessages(stripMessages)
  const language = useLanguage()
  const record = useLive((s) => s.record)
  const lines = stripLines(
    {
      drive: useLive((s) => s.drive),
      record,
      operator: useLive((s) => s.operator),
      refusal: useUi((ui) => ui.refusal),
      isClearAsked: useUi((ui) => ui.isClearAsked),
      isWatching: useIsWatching(),
      proposal: useProposal(),
    },
    language,
    t,
  )
  const hasSettings = useLive((s) => s.settings !== null)
  const policyView = usePolicyView()
  const { beside, others } = useStageLayout(policyView)
  const isChoosing = useUi((ui) => ui.isChoosingDataset) || record?.phase === 'none'
  return (
    <div className="strip" data-region="strip">
      {lines.length > 0 && (
        <ul className="lines" aria-live="polite">
          {lines.slice(0, shownLines).map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      )}
      {isChoosing ? (
        <DatasetPanel key={hasSettings ? 'told' : 'early'} />
      ) : policyView.isPolicy ? (
        <div className="strip-policy">
          {policyView.foresees && policyView.view !== 'off' ? (
            <SurpriseStrip hasNow={beside.length === 0} />
          ) : (
            <JointHistory hasNames />
          )}
          {others.length > 0 && (
            <div className="strip-cameras">
              {others.map((camera) => (
                <CameraTile key={camera} camera={camera} isFirst={false} isTagged={false} />
              ))}
            </div>
          )}
        </div>
      ) : (
        lines.length < shownLines && <SessionRow />
      )}
    </div>
  )
}

function Line({ line }: { line: StripLine }): ReactNode {
  return (
    <li className="line" data-line={line.id} data-testid={`line-${line.id}`}>
      {glyphs[line.tone]}
      <b className="line-title">{line.title}</b>
      <span className="t2 cut">{line.detail}</span>
      <span className="line-actions">
        <LineActions id={line.id} />
      </span>
    </li>
  )
}

function LineActions({ id }: { id: StripLine['id'] }): ReactNode {
  const t = useMessages(stripMessages)
  const app = useApp()
  switch (id) {
    case 'refusal':
      return (
        <button type="button" className="line-action" onClick={() => app.ui.setState({ refusal: null })}>
          <KeyCap chord="Escape" /> {t.dismiss}
        </button>
      )
    case 'keepClear':
      return <CommandButton id="operate.engage" />
    case 'closed':
      return (
        <>
          <CommandButton id="operate.saveTake" title={t.keepIt} />
          <CommandButton id="operate.discardTake" title={t.discardIt} />
        </>
      )
    case 'recovered':
      return (
        <>
          <CommandButton id="operate.keepRecovered" title={t.keepIt} />
          <CommandButton id="operate.discardRecovered" title={t.discardIt} />
        </>
      )
    case 'watching':
      return (
        <button type="button" className="btn btn-small" onClick={() => void app.lease()?.claim(true)}>
          {t.takeControl}
        </button>
      )
    case 'surprise':
      return <CommandButton id="operate.takeOver" />
    case 'heldSince':
      return <CommandButton id="operate.endSession" />
    case 'operator':
      return <CommandButton id="operate.operator" />
    case 'cause':
    case 'failure':
    default:
      return null
  }
}
