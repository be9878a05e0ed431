/** The program's own files: its folder, version and read-only resources, the same from `src`, from `out` and from a package. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const packageFile = z.object({ name: z.string(), version: z.string() })

export interface Program {
  readonly rootDir: string
  readonly version: string
  /** The same folder for processes that cannot look into Electron's archive: all hosts. */
  readonly plainDir: string
  readonly resourcesDir: string
}

/** Where electron-builder puts what must not be inside the archive. */
const unpacked = (directory: string): string =>
  directory.replace(/app\.asar(?=$|[/\\])/u, 'app.asar.unpacked')

function programAt(directory: string): Program | null {
  const file = join(directory, 'package.json')
  if (!existsSync(file)) return null
  const parsed = packageFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success || parsed.data.name !== 'foresight') return null
  const plainDir = unpacked(directory)
  const { version } = parsed.data
  return { rootDir: directory, version, plainDir, resourcesDir: join(plainDir, 'resources') }
}

/** Looks upward from `from` (a folder) for the package called foresight. Throws when there is none: the installation is broken. */
export function findProgram(from: string): Program {
  for (let directory = from; ; directory = dirname(directory)) {
    const program = programAt(directory)
    if (program !== null) return program
    if (dirname(directory) === directory) throw new Error(`no foresight package above ${from}`)
  }
}
