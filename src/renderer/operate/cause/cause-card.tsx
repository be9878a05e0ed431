/** Stands in the first camera's place while something is wrong, because that is where the eye was. */
import { Info } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { useLive, useUi } from '../../app/app-context.tsx'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { chordsFor, longHoldMs } from '../../keys/command.ts'
import { KeyCap } from '../../ui/key-cap.tsx'
import { RawWords } from '../../ui/raw-words.tsx'
import { causeModel } from './cause-model.ts'
import { causeMessages } from './messages.ts'

const recoverId = 'operate.recover'
const noRebindings = {}

export function CauseCard(): ReactNode {
  const t = useMessages(causeMessages)
  const language = useLanguage()
  const titleId = useId()
  const drive = useLive((s) => s.drive)
  const port = useLive(
    (s) => s.rig?.arms.find((arm) => arm.role === (drive?.cause?.arm ?? 'follower'))?.port ?? '',
  )
  const rebindings = useLive((s) => s.settings?.keys) ?? noRebindings
  const isFilling = useUi((ui) => ui.hold?.commandId === recoverId)
  if (drive === null) return null
  const model = causeModel(drive, language, t)
  const key = chordsFor({ id: recoverId, chords: ['Enter'] }, rebindings)[0] ?? ''
  return (
    <article className="cause" role="alert" aria-labelledby={titleId} data-testid="cause-card">
      <div className="col">
        <h1 id={titleId} className="cause-title">
          {model.title}
        </h1>
        {model.detail !== '' && <p className="cause-text">{model.detail}</p>}
      </div>
      {model.chain.length > 0 && (
        <ol className="chain" aria-label={t.servoChain}>
          <li className="chain-link" data-state="answers">
            <b>USB</b>
            <span className="cut">{port}</span>
          </li>
          {model.chain.map((link) => (
            <li
              key={link.joint}
              className="chain-link"
              data-state={link.state}
              data-break={link.isBreak ? '' : undefined}
            >
              <b>{link.number}</b>
              <span className="cut">{link.joint}</span>
            </li>
          ))}
        </ol>
      )}
      <p className="cause-text">
        <b>{t.theArm}</b> {model.armDoes}
      </p>
      <ol className="steps">
        {model.steps.map((step, index) => (
          <li key={step}>
            <b>{index + 1}</b>
            {step}
          </li>
        ))}
        <li>
          <b>{model.steps.length + 1}</b>
          <span>
            {model.lastStep.before} <KeyCap chord={key} holdMs={longHoldMs} isFilling={isFilling} />{' '}
            {model.lastStep.after}
          </span>
        </li>
      </ol>
      {model.note !== '' && (
        <p className="row size-s t2">
          <Info className="icon is-accent" aria-hidden="true" />
          {model.note}
        </p>
      )}
      <RawWords message={model.raw} />
    </article>
  )
}
