/** What lies near the path that is being typed, as the policy host sees it; the newest answer wins. */
import { useEffect, useState } from 'react'
import type { NearbyCheckpoint, NearbyFolder } from '#contract/services/policy-import.ts'
import { useLive } from '../app/app-context.tsx'

export interface Nearby {
  readonly checkpoints: readonly NearbyCheckpoint[]
  readonly folders: readonly NearbyFolder[]
}

const nothing: Nearby = { checkpoints: [], folders: [] }

/** A list that cannot be had is no list: the path can be typed without it. */
export function useNearby(path: string): Nearby {
  const services = useLive((s) => s.session?.services ?? null)
  const [nearby, setNearby] = useState(nothing)
  useEffect(() => {
    if (services === null) return undefined
    let isWanted = true
    services.policyImport
      .nearby({ path })
      .then((found) => isWanted && setNearby(found))
      .catch(() => isWanted && setNearby(nothing))
    return () => {
      isWanted = false
    }
  }, [services, path])
  return nearby
}
