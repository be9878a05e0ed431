/** Shows an address in the user's browser, where there is one; failing to is not an error, the address was printed. */
import { spawn } from 'node:child_process'

export function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): { readonly file: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { file: 'open', args: [url] }
  // `start` belongs to cmd.exe, which would read `&` in an address; this program takes the address as it is.
  if (platform === 'win32') return { file: 'rundll32', args: ['url.dll,FileProtocolHandler', url] }
  const hasScreen = env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined
  return hasScreen ? { file: 'xdg-open', args: [url] } : null
}

export function openBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const command = browserCommand(url, process.platform, env)
  if (command === null) return
  const child = spawn(command.file, command.args, { stdio: 'ignore', detached: true })
  child.once('error', () => undefined)
  child.unref()
}
