/** Text for a bug report: versions, host states, settings and the last log lines, with the paths that name a person taken out. */
import { basename } from 'node:path'
import type { HostStatus, Settings } from '#contract/services/shell.ts'
import type { RecentLine } from './log-files.ts'

export interface ReportSource {
  readonly version: string
  readonly shell: string
  readonly platform: string
  readonly runtime: Readonly<Record<string, string | undefined>>
  readonly hosts: readonly HostStatus[]
  readonly settings: Settings
  readonly recent: readonly RecentLine[]
  readonly lostLogLines: number
  readonly dataDir: string
  readonly homeDir: string
}

const hostLine = (host: HostStatus): string =>
  `${host.name}: ${host.status}, restarts ${host.restarts}, last end ${host.lastExit ?? '–'}, ${host.memoryMb ?? '–'} MB`

const logText = (line: RecentLine): string => {
  const data = line.data === undefined ? '' : ` ${JSON.stringify(line.data)}`
  return `${line.timeIso} ${line.level} ${line.process} ${line.area}: ${line.message}${data}`
}

export function problemReport(source: ReportSource): string {
  const { operator: _operator, lastDataset, ...settings } = source.settings
  const shown = { ...settings, lastDataset: lastDataset === null ? null : basename(lastDataset) }
  const versions = Object.entries(source.runtime).map(([name, version]) => `${name} ${version ?? '–'}`)
  const text = [
    `Foresight ${source.version}, ${source.shell}, ${source.platform}`,
    versions.join(', '),
    '',
    'Hosts',
    ...source.hosts.map(hostLine),
    '',
    `Settings ${JSON.stringify(shown)}`,
    '',
    `Log, newest last${source.lostLogLines > 0 ? ` (${source.lostLogLines} lines could not be written)` : ''}`,
    ...source.recent.map(logText),
    '',
  ].join('\n')
  // The data folder first: it usually lies inside the home folder.
  return text.replaceAll(source.dataDir, 'DATA').replaceAll(source.homeDir, '~')
}
