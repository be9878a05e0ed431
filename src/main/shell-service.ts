/** The `shell` service: what surrounds the hosts, answered by main itself. */
import { homedir } from 'node:os'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { shell, type Settings } from '#contract/services/shell.ts'
import { problemReport } from './logs/problem-report.ts'
import type { LogFiles } from './logs/log-files.ts'
import type { SettingsStore } from './settings/settings-store.ts'
import type { Supervisor } from './supervise/supervisor.ts'

export interface ShellDeps {
  readonly version: string
  readonly shell: 'electron' | 'headless'
  readonly dataDir: string
  readonly logs: LogFiles
  readonly settings: SettingsStore
  readonly supervisor: Supervisor
}

/** Absent fields stay absent: a partial change must not overwrite with undefined. */
const present = (part: object): Partial<Settings> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))

export function shellService(deps: ShellDeps): BoundService {
  const { settings, supervisor, logs } = deps
  const platform = `${process.platform}-${process.arch}`
  return implement(shell, {
    info: async (_input, { peer }) => ({
      version: deps.version,
      shell: deps.shell,
      peer,
      dataDir: deps.dataDir,
      node: process.version,
      platform,
    }),
    hosts: (_params, emitter) => {
      void emitter.emit([...supervisor.statuses])
      return supervisor.onChange(() => void emitter.emit([...supervisor.statuses]))
    },
    restartHost: async ({ name }) => supervisor.restart(name),
    settings: (_params, emitter) => settings.follow((current) => void emitter.emit(current)),
    changeSettings: async (part) => settings.change(present(part)),
    problemReport: async () => ({
      text: problemReport({
        version: deps.version,
        shell: deps.shell,
        platform,
        runtime: {
          node: process.versions.node,
          chromium: process.versions['chrome'],
          electron: process.versions['electron'],
        },
        hosts: supervisor.statuses,
        settings: settings.current,
        recent: logs.recent,
        lostLogLines: logs.lost,
        dataDir: deps.dataDir,
        homeDir: homedir(),
      }),
    }),
  })
}
