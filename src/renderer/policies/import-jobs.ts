/** The imports of the policy host as it tells them, with the time left that this page reckons. */
import { useEffect } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'
import type { ImportJob } from '#contract/services/policy-import.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { keepSubscribed } from '../app/keep-subscribed.ts'
import { perApp } from '../ui/per-app.ts'
import { ImportProgress } from './import-progress.ts'

export interface ShownJob {
  readonly job: ImportJob
  /** Of its present step; null while it cannot be told. */
  readonly secondsLeft: number | null
}

const jobsOf = perApp((): StoreApi<readonly ShownJob[]> => createStore<readonly ShownJob[]>(() => []))

/** `onDone` runs when an import ended well, with the id of what came of it. */
export function useImportJobs(onDone: (policyId: string) => void): readonly ShownJob[] {
  const app = useApp()
  const services = useLive((s) => s.session?.services ?? null)
  useEffect(() => {
    if (services === null) return undefined
    const store = jobsOf(app)
    const progress = new ImportProgress()
    const running = new Set<string>()
    const kept = keepSubscribed(app.timers, services.policyImport.jobs, undefined, (jobs) => {
      store.setState(
        jobs.map((job) => ({ job, secondsLeft: progress.secondsLeft(job, app.timers.nowMs()) })),
        true,
      )
      for (const { jobId, status, policyId } of jobs) {
        if (status === 'running') running.add(jobId)
        else if (running.delete(jobId) && policyId !== null) onDone(policyId)
      }
    })
    return () => kept[Symbol.dispose]()
  }, [app, services, onDone])
  return useStore(jobsOf(app))
}
