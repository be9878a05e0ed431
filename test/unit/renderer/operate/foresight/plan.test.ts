import { describe, expect, it } from 'vitest'
import { planPosesNow, setPlan } from '#renderer/operate/foresight/plan-store.ts'
import {
  planPoints,
  posesAhead,
  rowsLeft,
  secondsAhead,
  type Plan,
} from '#renderer/operate/foresight/plan.ts'
import { openPage } from '#test/fakes/page-app.ts'

/** Four rows of two joints, 100 ms apart, the first at 1 s. */
const plan: Plan = {
  chunkId: 7,
  length: 6,
  joints: 2,
  timesUs: Float64Array.of(1e6, 1.1e6, 1.2e6, 1.3e6),
  values: Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13),
}

describe('a plan', () => {
  it('has the rows ahead that are not due yet', () => {
    expect([0.5e6, 1.05e6, 1.3e6].map((nowUs) => rowsLeft(plan, nowUs))).toEqual([4, 3, 0])
    expect(posesAhead(plan, 1.15e6)).toEqual([
      [2, 12],
      [3, 13],
    ])
    expect(posesAhead(plan, 2e6)).toEqual([])
    expect(secondsAhead(plan, 1.1e6)).toBeCloseTo(0.2, 9)
    expect(secondsAhead(plan, 9e6)).toBe(0)
  })

  it('is drawn joint by joint in seconds from now, as far as the plot goes', () => {
    const { seconds, values } = planPoints(plan, 1, 1.05e6, 0.2)
    expect(seconds.map((at) => at.toFixed(2))).toEqual(['0.05', '0.15'])
    expect(values).toEqual([11, 12])
  })

  it('gives the twin the same poses until one was executed', async () => {
    using page = await openPage()
    await page.pass(100)
    const nowUs = page.app.clock.nowRigUs() ?? 0
    expect(planPosesNow(page.app)).toBeNull()
    setPlan(page.app, {
      ...plan,
      timesUs: Float64Array.of(nowUs + 30e3, nowUs + 1e6, nowUs + 2e6, nowUs + 3e6),
    })
    const poses = planPosesNow(page.app)
    expect(poses).toHaveLength(4)
    expect(planPosesNow(page.app)).toBe(poses)
    await page.pass(60)
    expect(planPosesNow(page.app)).toHaveLength(3)
    setPlan(page.app, null)
    expect(planPosesNow(page.app)).toBeNull()
  })
})
