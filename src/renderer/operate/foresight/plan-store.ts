/** The newest plan, past React: plots and the twin read it once a frame; React only hears whether there is one. */
import { createStore, useStore, type StoreApi } from 'zustand'
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { App } from '../../app/create-app.ts'
import { useApp } from '../../app/app-context.tsx'
import { perApp } from '../../ui/per-app.ts'
import { posesAhead, rowsLeft, type Plan } from './plan.ts'

const planStoreOf = perApp((): StoreApi<{ readonly plan: Plan | null }> =>
  createStore(() => ({ plan: null })),
)

export const setPlan = (app: App, plan: Plan | null): void => planStoreOf(app).setState({ plan })

export const planIn = (app: App): Plan | null => planStoreOf(app).getState().plan

export const usePlan = (): Plan | null => useStore(planStoreOf(useApp()), ({ plan }) => plan)

export const useHasPlan = (): boolean => useStore(planStoreOf(useApp()), ({ plan }) => plan !== null)

const posesOf = perApp(() => ({
  plan: null as Plan | null,
  left: -1,
  poses: null as readonly JointVector[] | null,
}))

/** The poses ahead; the same array until a row was executed or another plan came. */
export function planPosesNow(app: App): readonly JointVector[] | null {
  const plan = planIn(app)
  const nowUs = app.clock.nowRigUs()
  if (plan === null || nowUs === null) return null
  const known = posesOf(app)
  const left = rowsLeft(plan, nowUs)
  if (known.plan !== plan || known.left !== left)
    Object.assign(known, { plan, left, poses: left === 0 ? null : posesAhead(plan, nowUs) })
  return known.poses
}
