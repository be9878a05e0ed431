/** One import under way: step, amount, total and time left. */
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { byteFigure } from './byte-figures.ts'
import type { ShownJob } from './import-jobs.ts'
import { importMessages, type ImportText } from './import-messages.ts'
import { fractionOf } from './import-progress.ts'

export function timeLeft(seconds: number, t: ImportText): string {
  const whole = Math.max(1, Math.ceil(seconds))
  return t.left(whole < 90 ? t.seconds(whole) : t.minutes(Math.round(whole / 60)))
}

export function JobProgress({ shown }: { shown: ShownJob }): ReactNode {
  const t = useMessages(importMessages)
  const { job, secondsLeft } = shown
  const fraction = fractionOf(job)
  const figures = [
    job.bytesTotal === null ? null : t.amount(byteFigure(job.bytesDone), byteFigure(job.bytesTotal)),
    secondsLeft === null ? null : timeLeft(secondsLeft, t),
  ].filter((text) => text !== null)
  return (
    <span className="job-progress">
      <progress
        className="job-bar"
        aria-label={t.progressOf(job.name)}
        max={1}
        {...(fraction !== null && { value: fraction })}
      />
      <span className="row size-s t2 numbers">
        <span>{t.steps(job.step)}</span>
        <span className="spring" />
        <span className="nowrap">{figures.join(' · ')}</span>
      </span>
    </span>
  )
}
