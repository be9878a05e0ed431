/** What this computer has: ports, saved rigs and calibration files. Looks again every two seconds while the screen is open, so that an arm that is plugged in appears by itself. */
import { useCallback, useEffect, useState } from 'react'
import type { PortInfo, RigConfig } from '#contract/services/rig.ts'
import type { Services } from '../app/services.ts'
import { useApp, useLive } from '../app/app-context.tsx'

export type CalibrationChoice = Awaited<ReturnType<Services['rig']['calibrations']>>[number]

export interface Found {
  readonly ports: readonly PortInfo[]
  readonly saved: readonly RigConfig[]
  readonly calibrations: readonly CalibrationChoice[]
}

const nothing: Found = { ports: [], saved: [], calibrations: [] }
const lookMs = 2000

export interface FoundNow extends Found {
  readonly look: () => void
}

export function useFound(isWanted: boolean): FoundNow {
  const app = useApp()
  const hasSession = useLive((s) => s.session !== null)
  const [found, setFound] = useState(nothing)
  const look = useCallback((): void => {
    const services = app.services()
    if (services === null) return
    const ask = async (): Promise<void> => {
      const [ports, saved, calibrations] = await Promise.all([
        services.rig.ports(undefined),
        services.rig.savedRigs(undefined),
        services.rig.calibrations(undefined),
      ])
      setFound((before) => {
        const now = { ports, saved, calibrations }
        return JSON.stringify(before) === JSON.stringify(now) ? before : now
      })
    }
    // A rig host that is away is told by the frame; what was found stays until it is back.
    ask().catch(() => undefined)
  }, [app])
  useEffect(() => {
    if (!hasSession || !isWanted) return undefined
    look()
    const timer = app.timers.every(lookMs, look)
    return () => timer[Symbol.dispose]()
  }, [app, hasSession, isWanted, look])
  return { ...found, look }
}
