/** The four hosts and where their entry files lie: beside the built shell, or in `src` when nothing is built (tests). */
import { join } from 'node:path'
import type { HostName } from '#contract/services/shell.ts'

export interface HostEntry {
  readonly name: HostName
  readonly modulePath: string
}

/** Start order: what others connect to comes first. The end goes the other way round, so that the arm is still there when the rig host holds it. */
export const startOrder = ['sim', 'library', 'policy', 'rig'] as const satisfies readonly HostName[]

export type ProgramFrom = 'out' | 'src'

/** `FORESIGHT_FROM=src` runs everything from TypeScript by Node's type stripping; anything else from `out/`. */
export const programFrom = (env: NodeJS.ProcessEnv): ProgramFrom =>
  env['FORESIGHT_FROM'] === 'src' ? 'src' : 'out'

export const hostEntries = (rootDir: string, from: ProgramFrom): readonly HostEntry[] =>
  startOrder.map((name) => ({
    name,
    modulePath: join(rootDir, from, 'host', name, from === 'src' ? 'main.ts' : 'main.js'),
  }))
