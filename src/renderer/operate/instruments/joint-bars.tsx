/**
 * Follower against leader, joint by joint: white mark where the follower is, teal triangle where the leader is, the gap
 * between them filled. Marks move with each batch of telemetry, past React; figures change ten times a second.
 */
import { useRef, type CSSProperties, type ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import type { TelemetryRing } from '../../charts/telemetry-ring.ts'
import { jointFigure } from '../../i18n/figures.ts'
import { useFrame } from '../../ui/use-frame.ts'
import { fractionIn, jointRange, type JointRange } from './joint-range.ts'

const figureMs = 100

interface BarParts {
  readonly follower: HTMLElement
  readonly leader: HTMLElement
  readonly gap: HTMLElement
  readonly figure: HTMLElement
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)}%`

function drawBar(parts: BarParts, telemetry: TelemetryRing, joint: number, range: JointRange): void {
  const follower = telemetry.latest('follower', joint)
  const leader = telemetry.latest('leader', joint)
  const hasFollower = Number.isFinite(follower)
  const hasLeader = Number.isFinite(leader)
  const at = fractionIn(range, follower)
  const wanted = fractionIn(range, leader)
  parts.follower.hidden = !hasFollower
  parts.leader.hidden = !hasLeader
  parts.gap.hidden = !hasFollower || !hasLeader
  if (hasFollower) parts.follower.style.left = percent(at)
  if (hasLeader) parts.leader.style.left = percent(wanted)
  if (hasFollower && hasLeader) {
    parts.gap.style.left = percent(Math.min(at, wanted))
    parts.gap.style.width = percent(Math.abs(at - wanted))
  }
}

export function JointBars({ joints }: { joints: readonly string[] }): ReactNode {
  const { telemetry } = useApp()
  const rows = useRef(new Map<number, BarParts>())
  const figuredMs = useRef(-Infinity)
  const drawnUs = useRef<number | null>(null)
  useFrame((nowMs) => {
    const newestUs = telemetry.newestUs()
    if (newestUs === drawnUs.current) return
    drawnUs.current = newestUs
    const isFigureDue = nowMs - figuredMs.current >= figureMs
    if (isFigureDue) figuredMs.current = nowMs
    for (const [index, parts] of rows.current) {
      const range = jointRange(joints[index] ?? '')
      drawBar(parts, telemetry, index, range)
      if (!isFigureDue) continue
      const value = telemetry.latest('follower', index)
      parts.figure.textContent = Number.isFinite(value) ? jointFigure(value, range.isGripper) : ''
    }
  })
  const place = (index: number) => (row: HTMLElement | null) => {
    const part = (name: string): HTMLElement | null =>
      row?.querySelector<HTMLElement>(`[data-part="${name}"]`) ?? null
    const [follower, leader, gap, figure] = [part('follower'), part('leader'), part('gap'), part('figure')]
    if (follower !== null && leader !== null && gap !== null && figure !== null)
      rows.current.set(index, { follower, leader, gap, figure })
    return () => {
      rows.current.delete(index)
    }
  }
  return (
    <div className="joints" data-testid="joint-bars">
      {joints.map((joint, index) => (
        <div key={joint} className="joint" ref={place(index)}>
          <span
            className="joint-name"
            style={{ '--joint': `var(--joint-${Math.min(index, 6) + 1})` } as CSSProperties}
          >
            {joint}
          </span>
          <span className="joint-track">
            <i data-part="gap" className="joint-gap" hidden />
            <i data-part="follower" className="joint-follower" hidden />
            <i data-part="leader" className="joint-leader" hidden />
          </span>
          <span data-part="figure" className="joint-figure" />
        </div>
      ))}
    </div>
  )
}
