import { describe, expect, it } from 'vitest'
import { PhaseGuard } from '#renderer/capture/phase-guard.ts'

const periodUs = 40_000

const watch = (guard: PhaseGuard, phase: number, pictures = 60, rate = 1): void => {
  for (let i = 0; i < pictures; i += 1) guard.observe((i / rate + phase) * periodUs)
}

describe('PhaseGuard', () => {
  it('leaves a camera alone whose pictures come well between grid times', () => {
    const guard = new PhaseGuard(periodUs)
    watch(guard, 0.5)
    expect(guard.biasUs).toBe(0)
    watch(guard, 0.25)
    expect(guard.biasUs).toBe(0)
  })

  it('moves the edge away from a camera whose pictures come at grid times, and back when it drifted to the middle', () => {
    const guard = new PhaseGuard(periodUs)
    watch(guard, 0.01)
    expect(guard.biasUs).toBe(periodUs / 2)
    watch(guard, 0.3)
    expect(guard.biasUs).toBe(periodUs / 2)
    watch(guard, 0.48, 120)
    expect(guard.biasUs).toBe(0)
  })

  it('does nothing for a camera of another rate', () => {
    const guard = new PhaseGuard(periodUs)
    watch(guard, 0.01, 200, 2)
    expect(guard.biasUs).toBe(0)
  })
})
