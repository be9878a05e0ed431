import { describe, expect, it } from 'vitest'
import {
  drawSurprise,
  surpriseRuns,
  surpriseTop,
  surpriseY,
} from '#renderer/operate/foresight/draw-surprise.ts'
import { errorRgba } from '#renderer/operate/foresight/error-map.tsx'
import {
  cameraOfView,
  isAhead,
  noForesight,
  proposalOf,
  withPrediction,
  withSurprise,
  worstOf,
  type ForesightState,
} from '#renderer/operate/foresight/foresight-state.ts'
import { latencyBudgetMs, latencyShares } from '#renderer/operate/foresight/latency-model.ts'
import { driveState, policySettings, policyState } from '#test/fakes/page-states.ts'
import { demoEntry } from '../../policies/entries.ts'
import { prediction, surprise } from './told.ts'

const scored = (...scores: readonly (readonly [dueS: number, score: number])[]): ForesightState =>
  scores.reduce<ForesightState>(
    (state, [dueS, score]) => withSurprise(state, surprise({ dueUs: dueS * 1e6, score })),
    { ...noForesight, settings: policySettings() },
  )

describe('what was foreseen', () => {
  it('is gone a moment after its own time', () => {
    const told = prediction()
    expect(isAhead(told, told.dueUs)).toBe(true)
    expect(isAhead(told, told.dueUs + 200_000)).toBe(false)
  })

  it('keeps the scores of the last half minute, and the worst of them', () => {
    const state = scored([1, 0.5], [20, 0.1], [40, 0.2])
    expect(state.scores.map(({ score }) => score)).toEqual([0.1, 0.2])
    expect(worstOf(state.scores)?.score).toBe(0.2)
    expect(worstOf([])).toBeNull()
  })

  it('begins anew with another policy and when time runs backwards', () => {
    const state = scored([10, 0.5])
    expect(withSurprise(state, surprise({ policyId: 'other' })).scores).toHaveLength(1)
    expect(withSurprise(state, surprise({ dueUs: 1 })).scores).toHaveLength(1)
    const replaced = withPrediction(state, prediction({ policyId: 'other' }))
    expect(replaced).toMatchObject({ scores: [], surprise: null })
    expect(withPrediction(state, prediction()).scores).toHaveLength(1)
  })

  it('proposes a take-over above the threshold, for three seconds, and never without one', () => {
    const state = scored([10, 0.41], [10.5, 0.1])
    expect(proposalOf(state, 11e6)?.score).toBe(0.41)
    expect(proposalOf(state, 13.5e6)).toBeNull()
    expect(proposalOf(state, null)).toBeNull()
    const silent = policySettings({ surpriseThreshold: null })
    expect(proposalOf({ ...state, settings: silent }, 11e6)).toBeNull()
    expect(proposalOf({ ...state, settings: null }, 11e6)).toBeNull()
  })

  it('belongs to the camera of the rig that the view was mapped to', () => {
    const rig = ['front', 'top']
    expect(cameraOfView('front', rig, null)).toBe('front')
    expect(cameraOfView('image0', rig, policySettings({ cameras: { image0: 'top' } }))).toBe('top')
    expect(cameraOfView('image0', rig, policySettings())).toBeNull()
  })
})

describe('the plot of surprise', () => {
  const size = { width: 100, height: 104 }

  it('runs from 0 at the bottom to its top and stays inside', () => {
    expect(surpriseY(0, 1, 104)).toBe(102)
    expect(surpriseY(1, 1, 104)).toBe(2)
    expect(surpriseY(3, 1, 104)).toBe(2)
    expect(surpriseY(0.25, surpriseTop(0.2), 104)).toBe(52)
  })

  it('ends at 1, or where the threshold is well inside', () => {
    expect([null, 0.2, 0.9].map(surpriseTop)).toEqual([1, 0.5, 1])
  })

  it('leaves gaps where nothing was measured', () => {
    const runs = surpriseRuns(
      [
        { dueUs: 1e6, score: 0.5 },
        { dueUs: 2e6, score: 0.5 },
        { dueUs: 8e6, score: 0.5 },
      ],
      10e6,
      10e6,
      1,
      size,
    )
    expect(runs.map((run) => run.map(({ x }) => x))).toEqual([[10, 20], [80]])
  })

  it('forgets what left the window', () => {
    expect(surpriseRuns([{ dueUs: 0, score: 1 }], 20e6, 10e6, 1, size)).toEqual([])
  })

  it('draws the threshold dashed', () => {
    const dashes: number[][] = []
    const context = new Proxy(
      { setLineDash: (dash: number[]) => dashes.push(dash) },
      { get: (target, name) => Reflect.get(target, name) ?? (() => undefined), set: () => true },
    ) as unknown as CanvasRenderingContext2D
    drawSurprise(context, [], 0.2, size, { line: '', fill: '', threshold: '' })
    expect(dashes).toEqual([[5, 4], []])
  })
})

describe('the error map', () => {
  it('is clear where nothing differed and never hides the picture altogether', () => {
    const rgba = errorRgba([0, 60, 255], 3)
    expect([rgba[3], rgba[7], rgba[11]]).toEqual([0, 120, 230])
  })
})

describe('the latency strip', () => {
  const latency = (p50Ms: number) => ({
    count: 10,
    p50Ms,
    p99Ms: p50Ms * 2,
    maxMs: p50Ms * 3,
    histogram: { first: 20, counts: [1] },
  })

  it('shows what was measured in the order in which the time is spent', () => {
    const stages = { infer: latency(84), captureAge: latency(31), foresight: latency(21) }
    expect(latencyShares(policyState({ stages }), driveState('policy'))).toEqual([
      { part: 'captureAge', ms: 31 },
      { part: 'infer', ms: 84 },
      { part: 'bus', ms: 0.9 },
    ])
  })

  it('shows nothing that nobody measured', () => {
    expect(latencyShares(null, null)).toEqual([])
    expect(latencyShares(policyState(), driveState('policy', { follower: null }))).toEqual([])
  })

  it('has the length of a chunk for a budget, and none without a policy', () => {
    expect(latencyBudgetMs(policyState({ loaded: demoEntry }))).toBeCloseTo(1666.7, 1)
    expect(latencyBudgetMs(policyState({ loaded: null }))).toBeNull()
    expect(latencyBudgetMs(null)).toBeNull()
  })
})
