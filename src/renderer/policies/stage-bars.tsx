/**
 * Measured stages as bars on one scale, the median solid and the 99th percentile as a mark, the figures beside them; under each
 * bar how its times are spread, all stages on one axis that doubles every four columns.
 */
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { bucketFromMs, type LatencyHistogram } from '#core/policy/latency-histogram.ts'
import { msFigure } from './byte-figures.ts'
import { setupMessages } from './setup-messages.ts'

export interface StageFigures {
  readonly stage: string
  readonly p50Ms: number
  readonly p99Ms: number
  readonly histogram: LatencyHistogram
}

/** In the order in which the time is spent; stages nobody knows come last. */
const order = ['captureAge', 'queue', 'preprocess', 'infer', 'network', 'total', 'foresight']
const placeOf = (stage: string): number => {
  const at = order.indexOf(stage)
  return at === -1 ? order.length : at
}

const colours: Readonly<Record<string, string>> = {
  captureAge: '--lat-capture',
  queue: '--lat-queue',
  preprocess: '--lat-prepare',
  infer: '--lat-infer',
  network: '--lat-network',
  foresight: '--policy',
}

/** Linear between the neighbours, as numpy does it; `samples` need no order. NaN for none. */
export function quantile(samples: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(samples).sort()
  if (sorted.length === 0) return Number.NaN
  const at = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]
  return low + (high - low) * (at - Math.floor(at))
}

export function StageBars({ stages }: { stages: readonly StageFigures[] }): ReactNode {
  const t = useMessages(setupMessages)
  const longest = Math.max(...stages.map(({ p99Ms }) => p99Ms), 1e-6)
  const axis = {
    from: Math.min(...stages.map(({ histogram }) => histogram.first)),
    to: Math.max(...stages.map(({ histogram }) => histogram.first + histogram.counts.length)),
  }
  const sorted = stages.toSorted((a, b) => placeOf(a.stage) - placeOf(b.stage))
  return (
    <table className="stage-bars numbers" data-testid="stage-bars">
      <thead>
        <tr>
          <th scope="col">{t.stage}</th>
          <th scope="col" aria-hidden="true" />
          <th scope="col">p50</th>
          <th scope="col">p99 ms</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ stage, p50Ms, p99Ms, histogram }) => (
          <tr key={stage} data-stage={stage}>
            <th scope="row">{t.stageNames(stage)}</th>
            <td aria-hidden="true">
              <span className="stage-bar">
                <i
                  style={{
                    width: `${(p50Ms / longest) * 100}%`,
                    background: `var(${colours[stage] ?? '--text-3'})`,
                  }}
                />
                <u style={{ left: `${(p99Ms / longest) * 100}%` }} />
              </span>
              <Histogram histogram={histogram} axis={axis} stage={stage} />
            </td>
            <td>{msFigure(p50Ms)}</td>
            <td>{msFigure(p99Ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface HistogramProps {
  readonly histogram: LatencyHistogram
  /** Buckets that the drawing spans. */
  readonly axis: { readonly from: number; readonly to: number }
  readonly stage: string
}

function Histogram({ histogram: { first, counts }, axis, stage }: HistogramProps): ReactNode {
  const columns = Math.max(1, axis.to - axis.from)
  const fullest = Math.max(1, ...counts)
  const range = `${msFigure(bucketFromMs(first))} … ${msFigure(bucketFromMs(first + counts.length))} ms`
  return (
    <span className="stage-histogram" title={range} data-testid={`histogram-${stage}`}>
      <svg viewBox={`0 0 ${columns} 1`} preserveAspectRatio="none">
        {counts.map((count, index) => (
          <rect
            key={first + index}
            x={first + index - axis.from + 0.1}
            y={1 - count / fullest}
            width={0.8}
            height={count / fullest}
            fill={`var(${colours[stage] ?? '--text-3'})`}
          />
        ))}
      </svg>
    </span>
  )
}
