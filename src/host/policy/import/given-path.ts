/** A path as people paste it: with quotes from a terminal, as `file://` from a browser, or from the home folder on. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function givenPath(text: string, home: string = homedir()): string {
  const bare = text.trim().replace(/^(?<quote>["'])(?<inner>.*)\k<quote>$/u, '$<inner>')
  if (bare === '~') return home
  if (bare.startsWith('~/') || bare.startsWith('~\\')) return join(home, bare.slice(2))
  if (!bare.startsWith('file://')) return bare
  try {
    return fileURLToPath(bare)
  } catch {
    return bare
  }
}
