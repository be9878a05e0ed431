/** The session at a glance: one block per take, then counts. Shape tells the outcome, so it reads without colour. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { CommandKey } from '../command-key.tsx'
import { stripMessages } from './messages.ts'
import { sessionModel } from './session-model.ts'

export function SessionRow(): ReactNode {
  const t = useMessages(stripMessages)
  const record = useLive((s) => s.record)
  if (record === null || record.dataset === null) return null
  const model = sessionModel(record)
  const counts = [
    model.success > 0 && t.success(model.success),
    model.partial > 0 && t.partial(model.partial),
    model.failure > 0 && t.failed(model.failure),
    model.unlabelled > 0 && t.unlabelled(model.unlabelled),
  ].filter((text) => text !== false)
  return (
    <section className="session" aria-label={t.thisSession}>
      <div className="row">
        <h2 className="heading">{t.thisSession}</h2>
        <span className="spring" />
        <span className="size-s t2 cut">{record.dataset.name}</span>
      </div>
      {model.blocks.length > 0 && (
        <ol className="blocks" data-many={model.blocks.length > 50 ? '' : undefined}>
          {model.blocks.map((block) => (
            <li
              key={block.key}
              className="block"
              data-kind={block.kind}
              title={t.takeBlock(block.number, block.kind)}
            />
          ))}
        </ol>
      )}
      <div className="row size-s t2 session-counts">
        <span>{model.saved === 0 ? t.noTakes : <b className="figure">{t.saved(model.saved)}</b>}</span>
        {counts.map((text) => (
          <span key={text}>{text}</span>
        ))}
        <span className="spring" />
        {model.trash > 0 && (
          <span className="row">
            {t.inTrash(model.trash)} <CommandKey id="operate.undoDiscard" />
          </span>
        )}
      </div>
    </section>
  )
}
