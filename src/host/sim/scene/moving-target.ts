/**
 * A cube that travels: slowly, on a closed way over the reachable table, the same for the same seed. It is carried, not
 * pushed, so that whoever follows it is compared on equal terms. Time is simulated time.
 */
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { between, seededRandom } from '../random.ts'
import { cubeArea, cubeHalfM } from './layout.ts'

export interface TargetPoint {
  readonly position: Vec3
  /** Metres a second. */
  readonly velocity: Vec3
}

/** A few centimetres a second at most, like a slow conveyor. */
const periodS = [9, 14] as const

/** Two sines along and across, of unequal periods: no two passes are alike for a while. */
export function movingTarget(seed: number): (simTimeUs: number) => TargetPoint {
  const random = seededRandom(seed)
  const [alongS, acrossS] = [between(random, ...periodS), between(random, ...periodS)]
  const [alongPhase, acrossPhase] = [between(random, 0, 2 * Math.PI), between(random, 0, 2 * Math.PI)]
  const swing = ([low, high]: readonly [number, number], period: number, phase: number) => {
    const [middle, half, rate] = [(low + high) / 2, (high - low) / 2, (2 * Math.PI) / period]
    return (seconds: number): readonly [position: number, velocity: number] => [
      middle + half * Math.sin(rate * seconds + phase),
      half * rate * Math.cos(rate * seconds + phase),
    ]
  }
  const along = swing(cubeArea.xM, alongS, alongPhase)
  const across = swing(cubeArea.yM, acrossS, acrossPhase)
  return (simTimeUs) => {
    const seconds = simTimeUs / 1e6
    const [x, vx] = along(seconds)
    const [y, vy] = across(seconds)
    return { position: [x, y, cubeHalfM], velocity: [vx, vy, 0] }
  }
}
