/** In the strip of the policy view: surprise over the last seconds, its value now, and the cameras that the policy does not see. */
import { Check, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { useFrame } from '../../ui/use-frame.ts'
import { drawSurprise, surpriseRuns, surpriseTop, surpriseY } from './draw-surprise.ts'
import { plotWindowUs, worstOf } from './foresight-state.ts'
import { foresightOf, useForesight } from './foresight-store.ts'
import { foresightMessages } from './messages.ts'

const repaintMs = 100

export function SurpriseStrip(): ReactNode {
  return (
    <section className="surprise" data-testid="surprise">
      <SurprisePlot />
      <SurpriseNow />
    </section>
  )
}

function SurprisePlot(): ReactNode {
  const t = useMessages(foresightMessages)
  const app = useApp()
  const place = useRef<HTMLCanvasElement>(null)
  const drawnMs = useRef(-Infinity)
  const colours = useRef<Parameters<typeof drawSurprise>[4] | null>(null)
  const threshold = useForesight((state) => state.settings?.surpriseThreshold ?? null)
  const score = useForesight((state) => state.scores.at(-1)?.score ?? null)
  useEffect(() => {
    const read = (): void => {
      if (place.current === null) return
      const style = getComputedStyle(place.current)
      const token = (name: string): string => style.getPropertyValue(name).trim()
      colours.current = {
        line: token('--policy'),
        fill: token('--policy-tint'),
        threshold: token('--text-2'),
      }
    }
    read()
    const theme = new MutationObserver(read)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => theme.disconnect()
  }, [])
  useFrame((nowMs) => {
    const canvas = place.current
    const nowUs = app.clock.nowRigUs()
    const context = canvas?.getContext('2d') ?? null
    if (canvas === null || context === null || nowUs === null || colours.current === null) return
    if (nowMs - drawnMs.current < repaintMs) return
    drawnMs.current = nowMs
    const size = { width: canvas.clientWidth, height: canvas.clientHeight }
    const scale = window.devicePixelRatio
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)]
    if (canvas.width !== width) canvas.width = width
    if (canvas.height !== height) canvas.height = height
    context.setTransform(scale, 0, 0, scale, 0, 0)
    const { scores } = foresightOf(app).getState()
    const runs = surpriseRuns(scores, nowUs, plotWindowUs, surpriseTop(threshold), size)
    drawSurprise(context, runs, threshold, size, colours.current)
  })
  return (
    <figure className="surprise-plot">
      <figcaption className="size-s t2 cut">{t.lastSeconds(plotWindowUs / 1e6)}</figcaption>
      <div className="surprise-canvas">
        <canvas ref={place}>{score === null ? t.notYet : t.chartValue(fixed(score, 2))}</canvas>
        {threshold !== null && (
          <span
            className="surprise-threshold size-s t2"
            style={{ top: `${surpriseY(threshold, surpriseTop(threshold), 100)}%` }}
          >
            {t.suggests(fixed(threshold, 2))}
          </span>
        )}
      </div>
    </figure>
  )
}

function SurpriseNow(): ReactNode {
  const t = useMessages(foresightMessages)
  const app = useApp()
  const scores = useForesight((state) => state.scores)
  const threshold = useForesight((state) => state.settings?.surpriseThreshold ?? null)
  useRepaint(scores.length > 0)
  const newest = scores.at(-1)
  const worst = worstOf(scores)
  const nowUs = app.clock.nowRigUs()
  const isOver = newest !== undefined && threshold !== null && newest.score > threshold
  return (
    <div className="surprise-now" data-over={isOver ? '' : undefined}>
      <h2 className="heading">{t.surpriseNow}</h2>
      {newest === undefined ? (
        <p className="t2 size-s">{t.notYet}</p>
      ) : (
        <p className="row">
          <b className="surprise-figure">{fixed(newest.score, 2)}</b>
          {isOver ? (
            <span className="row is-warn">
              <TriangleAlert className="icon" aria-hidden="true" /> {t.notAsForeseen}
            </span>
          ) : (
            <span className="row is-ok">
              <Check className="icon" aria-hidden="true" /> {t.asForeseen}
            </span>
          )}
        </p>
      )}
      {worst !== null && nowUs !== null && (
        <p className="size-s t2 numbers">
          {t.worst(fixed(worst.score, 2), fixed(Math.max(0, (nowUs - worst.dueUs) / 1e6), 0))}
        </p>
      )}
    </div>
  )
}
