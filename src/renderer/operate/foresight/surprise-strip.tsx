/** In the strip of the policy view: surprise over the last seconds, its value now, and the cameras that the policy does not see. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { useFrame } from '../../ui/use-frame.ts'
import { drawSurprise, surpriseRuns, surpriseTop, surpriseY } from './draw-surprise.ts'
import { plotWindowUs } from './foresight-state.ts'
import { foresightOf, useForesight } from './foresight-store.ts'
import { foresightMessages } from './messages.ts'
import { SurpriseNow } from './surprise-now.tsx'

const repaintMs = 100

/** @param hasNow the newest score stands in the strip, not on the stage */
export function SurpriseStrip({ hasNow }: { hasNow: boolean }): ReactNode {
  return (
    <section className="surprise" data-has-now={hasNow ? '' : undefined} data-testid="surprise">
      <SurprisePlot />
      {hasNow && <SurpriseNow />}
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
