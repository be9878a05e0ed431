/** How chunks follow each other on this rig: chosen here, in force at once, also while the policy drives. */
import { useEffect, useState, type ReactNode } from 'react'
import { executorModes } from '#core/control/executor-settings.ts'
import type { Fault } from '#core/result.ts'
import type { ExecutorState } from '#contract/services/drive.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { keepSubscribed } from '../app/keep-subscribed.ts'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote } from '../ui/note.tsx'
import { faultOf } from './fault-of.ts'
import { setupMessages } from './setup-messages.ts'
import { PickField } from './text-field.tsx'

const rowChoices = [10, 20, 30, 40, 50]
const schedules = ['linear', 'exp', 'ones', 'zeros'] as const

export function ExecutorSection(): ReactNode {
  const t = useMessages(setupMessages)
  const app = useApp()
  const services = useLive((s) => s.session?.services ?? null)
  const [state, setState] = useState<ExecutorState | null>(null)
  const [problem, setProblem] = useState<Fault | null>(null)
  useEffect(() => {
    if (services === null) return undefined
    const feed = keepSubscribed(app.timers, services.drive.executor, undefined, setState, () =>
      setState(null),
    )
    return () => feed[Symbol.dispose]()
  }, [app, services])
  if (services === null || state === null) return null
  const { settings } = state
  const change = (changes: Partial<ExecutorState['settings']>): void => {
    setProblem(null)
    services.drive
      .setExecutor({ ...settings, ...changes })
      .catch((error: unknown) => setProblem(faultOf(error)))
  }
  return (
    <section className="section setup" data-testid="policy-executor">
      <h2 className="subtitle">{t.chunks}</h2>
      <PickField
        label={t.chunkMode}
        value={settings.mode}
        options={executorModes.map((mode) => ({ value: mode, text: t.chunkModes(mode) }))}
        testId="executor-mode"
        onChange={(value) => change({ mode: executorModes.find((mode) => mode === value) ?? settings.mode })}
      />
      <p className="size-s t3">{t.chunkModeHints(settings.mode)}</p>
      {settings.mode === 'sync' && (
        <PickField
          label={t.syncRows}
          value={settings.syncRows === null ? '' : `${settings.syncRows}`}
          options={[
            { value: '', text: t.allRows },
            ...rowChoices.map((rows) => ({ value: `${rows}`, text: `${rows}` })),
          ]}
          testId="executor-rows"
          onChange={(value) => change({ syncRows: value === '' ? null : Number(value) })}
        />
      )}
      {settings.mode === 'rtc' && (
        <PickField
          label={t.rtcSchedule}
          value={settings.rtcSchedule}
          options={schedules.map((name) => ({ value: name, text: t.schedules(name) }))}
          testId="executor-schedule"
          onChange={(value) =>
            change({ rtcSchedule: schedules.find((name) => name === value) ?? settings.rtcSchedule })
          }
        />
      )}
      {problem !== null && <FaultNote fault={problem} testId="executor-fault" />}
    </section>
  )
}
