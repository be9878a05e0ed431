/** What can be done with a rig as a whole: connect, disconnect, save, remove, write a calibration. */
import { useMemo, useState } from 'react'
import { FaultError } from '#core/result.ts'
import type { RigConfig } from '#contract/services/rig.ts'
import { useApp } from '../app/app-context.tsx'
import { readDraft } from './draft.ts'
import { pickDevice, pickRig, rigViewOf } from './rig-view.ts'

export interface RigActs {
  /** A call to the rig host is under way. */
  readonly isBusy: boolean
  connect(config: RigConfig): void
  connectDraft(): void
  saveDraft(): void
  disconnect(): void
  remove(name: string): void
  /** Writes the file into the servos of the refused rig, then connects it again. */
  writeAndConnect(role: 'follower' | 'leader', config: RigConfig): void
}

export function useRigActs(onSaved: () => void): RigActs {
  const app = useApp()
  const [isBusy, setIsBusy] = useState(false)
  const acts = useMemo(() => {
    const view = rigViewOf(app)
    const during = (run: Parameters<typeof app.act>[0]): void => {
      setIsBusy(true)
      app.act(async (services) => {
        try {
          await run(services)
        } finally {
          setIsBusy(false)
        }
      })
    }
    const open = async (
      services: Parameters<Parameters<typeof app.act>[0]>[0],
      config: RigConfig,
    ): Promise<void> => {
      try {
        await services.rig.connect(config)
      } catch (error) {
        // The rig's own state says it where the person looks; saying it twice would hide which one is newer.
        const shown = app.live.getState().rig?.fault ?? null
        if (error instanceof FaultError && error.fault.code === shown?.code) return
        throw error
      }
      pickDevice(view, { kind: 'arm', role: 'follower' })
      await services.shell.changeSettings({ lastRig: config.name })
    }
    const drafted = (): RigConfig | null => {
      const reading = readDraft(view.getState().draft)
      view.setState({ isChecked: !reading.isValid })
      return reading.isValid ? reading.config : null
    }
    return {
      connect: (config: RigConfig) => during((services) => open(services, config)),
      connectDraft: () => {
        const config = drafted()
        if (config !== null) during((services) => open(services, config))
      },
      saveDraft: () => {
        const config = drafted()
        if (config === null) return
        during(async (services) => {
          await services.rig.saveRig(config)
          pickRig(view, config)
          onSaved()
        })
      },
      disconnect: () => during((services) => services.rig.disconnect(undefined)),
      remove: (name: string) =>
        during(async (services) => {
          await services.rig.removeRig({ name })
          pickRig(view, null)
          onSaved()
        }),
      writeAndConnect: (role: 'follower' | 'leader', config: RigConfig) =>
        during(async (services) => {
          await services.rig.writeCalibration({ role })
          await open(services, config)
        }),
    }
  }, [app, onSaved])
  return { isBusy, ...acts }
}
