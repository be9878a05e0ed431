/** Who drives: one word, one shape, one colour, always in the same corner. Changes in no time at all, never with a fade. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { badgeModel, type BadgeModel } from './badge-model.ts'
import { BadgeShape } from './badge-shape.tsx'
import { useDriveTrust } from './drive-trust.ts'

export function SourceBadge(): ReactNode {
  const t = useMessages(operateMessages)
  const drive = useLive((s) => s.drive)
  const isSimulated = useLive((s) => s.rig?.arms.some((a) => a.role === 'leader' && a.isSimulated) ?? false)
  const trust = useDriveTrust()
  const mode = trust.kind === 'fresh' && drive !== null ? drive.mode : 'lost'
  const model: BadgeModel =
    trust.kind === 'fresh' && drive !== null
      ? badgeModel(drive, isSimulated, t)
      : trust.kind === 'connecting'
        ? { word: t.lost, sub: t.subConnecting, aria: t.subConnecting }
        : trust.kind === 'hostDown'
          ? { word: t.lost, sub: t.subNoHost, aria: `${t.lost}. ${t.subNoHost}` }
          : lostModel(trust.kind === 'silent' ? fixed(trust.silentMs / 1000, 1) : '', t)
  return (
    <output
      className="badge"
      aria-live="assertive"
      aria-label={model.aria}
      data-testid="source-badge"
      data-mode={mode}
    >
      <BadgeShape mode={mode} />
      <div className="badge-words">
        <span className="badge-word">{model.word}</span>
        <span className="badge-sub">{model.sub}</span>
      </div>
    </output>
  )
}

function lostModel(seconds: string, t: (typeof operateMessages)['en']): BadgeModel {
  const sub = seconds === '' ? t.subNoHost : t.subLost(seconds)
  return { word: t.lost, sub, aria: `${t.lost}. ${sub}` }
}
