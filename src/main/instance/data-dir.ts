/** Where all user data lives: `FORESIGHT_DATA_DIR`, else the system's place for it. */
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

export function dataDirOf(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const named = env['FORESIGHT_DATA_DIR']
  if (named !== undefined && named !== '') return resolve(named)
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Foresight')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Foresight')
  const xdg = env['XDG_DATA_HOME']
  // The XDG rules: a relative path is to be ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'foresight')
}
