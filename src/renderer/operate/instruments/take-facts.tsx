/** The open take as measured: frames on time, what is safe on disk, how far pictures and rows lie apart. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { useCaptureState } from '../../capture/camera-view.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { Fact, Facts } from './fact.tsx'

/** More than one repeat in a hundred frames is worth a look. */
const repeatShare = 0.01

export function TakeFacts(): ReactNode {
  const t = useMessages(operateMessages)
  const take = useLive((s) => (s.record?.phase === 'recording' ? s.record.take : null))
  const fps = useLive((s) => s.record?.dataset?.fps ?? null)
  const { cameras } = useCaptureState()
  if (take === null) return null
  const repeats = Object.values(take.repeats).reduce((sum, count) => sum + count, 0)
  const skews = Object.values(cameras).flatMap((camera) => camera.take?.skewMs ?? [])
  const worstSkew = skews.length === 0 ? null : Math.max(...skews.map(Math.abs))
  return (
    <Facts title={t.thisTake}>
      <Fact
        name={t.onTime}
        value={t.framesRepeats(take.frames, repeats)}
        verdict={repeats > take.frames * repeatShare ? 'warn' : 'ok'}
      />
      {fps !== null && (
        <Fact name={t.onDisk} value={t.secondsOf(fixed(take.flushedFrames / fps, 1))} verdict="ok" />
      )}
      {worstSkew !== null && <Fact name={t.pictureSkew} value={`${fixed(worstSkew, 0)} ms`} verdict="ok" />}
    </Facts>
  )
}
