/** Feeds what the policy host foresees and the executor plans into the page while the live screen is shown; scores stay over visits to other screens. */
import { useEffect } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'
import { useApp, useLive } from '../../app/app-context.tsx'
import { keepSubscribed } from '../../app/keep-subscribed.ts'
import { perApp } from '../../ui/per-app.ts'
import { setPlan } from './plan-store.ts'
import { noForesight, withPrediction, withSurprise, type ForesightState } from './foresight-state.ts'

export const foresightOf = perApp((): StoreApi<ForesightState> =>
  createStore<ForesightState>(() => noForesight),
)

export const useForesight = <T>(select: (state: ForesightState) => T): T =>
  useStore(foresightOf(useApp()), select)

/** Mounted once by the live screen. */
export function useForesightFeed(): void {
  const app = useApp()
  const services = useLive((s) => s.session?.services ?? null)
  const policyId = useLive((s) => s.drive?.policy?.id ?? s.policy?.loaded?.id ?? null)
  useEffect(() => {
    if (services === null) return undefined
    const store = foresightOf(app)
    const scope = new DisposableStack()
    scope.use(
      keepSubscribed(
        app.timers,
        services.pictures.predictions,
        undefined,
        (prediction) => store.setState((state) => withPrediction(state, prediction)),
        () => store.setState({ prediction: null }),
      ),
    )
    scope.use(
      keepSubscribed(
        app.timers,
        services.drive.plan,
        undefined,
        (plan) => setPlan(app, plan),
        () => setPlan(app, null),
      ),
    )
    scope.use(
      keepSubscribed(
        app.timers,
        services.drive.executor,
        undefined,
        (executor) => store.setState({ executor }),
        () => store.setState({ executor: null }),
      ),
    )
    scope.use(
      keepSubscribed(app.timers, services.pictures.surprises, undefined, (surprise) =>
        store.setState((state) => withSurprise(state, surprise)),
      ),
    )
    return () => scope.dispose()
  }, [app, services])
  useEffect(() => {
    if (services === null || policyId === null) return undefined
    const store = foresightOf(app)
    let isGone = false
    services.policy.settings({ policyId }).then(
      (settings) => {
        if (!isGone) store.setState({ settings })
      },
      // Without settings nothing is proposed and cameras keep their own names.
      () => undefined,
    )
    return () => {
      isGone = true
      store.setState({ settings: null })
    }
  }, [app, services, policyId])
}
