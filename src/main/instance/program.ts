/** The program's own files: its folder, version and read-only resources, the same from `src`, from `out` and from a package. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const packageFile = z.object({ name: z.string(), version: z.string() })

export interface Program {
  readonly rootDir: string
  readonly version: string
  readonly resourcesDir: string
}

/** Looks upward from `from` (a folder) for the package called foresight. Throws when there is none: the installation is broken. */
export function findProgram(from: string): Program {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = join(directory, 'package.json')
    if (existsSync(file)) {
      const parsed = packageFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
      if (parsed.success && parsed.data.name === 'foresight')
        return {
          rootDir: directory,
          version: parsed.data.version,
          resourcesDir: join(directory, 'resources'),
        }
    }
    if (dirname(directory) === directory) throw new Error(`no foresight package above ${from}`)
  }
}
