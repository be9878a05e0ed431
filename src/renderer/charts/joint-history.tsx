/** All joints over the last seconds, one per row, sharing the time axis; each row carries its name. Drawn twenty times a second. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useFrame } from '../ui/use-frame.ts'
import { HistoryChart, type PlannedPoints } from './history-chart.ts'
import { sourceBands, thinned } from './history-samples.ts'
import type { TelemetryRing } from './telemetry-ring.ts'

export interface HistoryRow {
  readonly joint: string
  readonly lower: number
  readonly upper: number
}

export interface JointHistoryProps {
  readonly ring: TelemetryRing
  readonly rows: readonly HistoryRow[]
  readonly windowS: number
  readonly label: string
  readonly hasNames?: boolean
  /** Seconds after now for the plan; 0 leaves it out. */
  readonly aheadS?: number
  /** A joint's plan at a moment of the machine's clock; stable. */
  readonly planOf?: (joint: number, nowUs: number) => PlannedPoints | null
}

const repaintMs = 50
/** One sample per this much time: more than a plot of this width can show. */
const stepUs = 40_000

export function JointHistory(props: JointHistoryProps): ReactNode {
  const { ring, rows, windowS, label, hasNames = false, aheadS = 0, planOf } = props
  const places = useRef(new Map<string, HTMLElement>())
  const charts = useRef<readonly HistoryChart[]>([])
  const drawnMs = useRef(-Infinity)
  const shownUs = useRef<number | null>(null)
  const key = JSON.stringify(rows.map((row) => [row.joint, row.lower, row.upper]))
  useEffect(() => {
    // The key holds all that a chart needs of its row, and stays the same as long as the rows do.
    const ranges = JSON.parse(key) as [joint: string, lower: number, upper: number][]
    charts.current = ranges.flatMap(([name, lower, upper], joint) => {
      const place = places.current.get(name)
      return place === undefined ? [] : [new HistoryChart(place, { lower, upper, windowS, joint, aheadS })]
    })
    return () => {
      for (const chart of charts.current) chart[Symbol.dispose]()
      charts.current = []
    }
  }, [key, windowS, aheadS])
  useFrame((nowMs) => {
    if (nowMs - drawnMs.current < repaintMs) return
    drawnMs.current = nowMs
    const nowUs = ring.newestUs()
    if (nowUs === null || nowUs === shownUs.current) return
    shownUs.current = nowUs
    const indices = thinned(ring, windowS * 1e6, stepUs)
    const bands = sourceBands(ring, indices, stepUs)
    charts.current.forEach((chart, joint) =>
      chart.draw(ring, indices, bands, nowUs, planOf?.(joint, nowUs) ?? null),
    )
  })
  return (
    <figure className="history-rows" aria-label={label}>
      {rows.map((row) => (
        <div key={row.joint} className="history-row">
          {hasNames && <span className="history-name">{row.joint}</span>}
          <div
            className="history-plot"
            ref={(element) => {
              if (element === null) return undefined
              places.current.set(row.joint, element)
              return () => {
                places.current.delete(row.joint)
              }
            }}
          />
        </div>
      ))}
    </figure>
  )
}
