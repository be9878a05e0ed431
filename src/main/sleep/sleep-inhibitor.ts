/** Keeps the machine awake while an arm has torque on. Each platform has its own means; where there is none, the log says so once. */
import { spawn, type ChildProcess } from 'node:child_process'
import type { Log } from '#host/shared/log.ts'

export interface SleepInhibitor extends Disposable {
  set(isOn: boolean): void
}

/** The command that keeps a machine awake while it runs and that ends by itself when this process dies, or null. */
export function inhibitCommand(
  platform: NodeJS.Platform,
  pid: number,
): { readonly file: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { file: 'caffeinate', args: ['-i', '-w', String(pid)] }
  if (platform !== 'linux') return null
  // `cat` ends when its input, a pipe from here, closes: also on kill -9.
  const why = ['--what=sleep:idle', '--who=Foresight', '--why=A robot arm has torque on', '--mode=block']
  return { file: 'systemd-inhibit', args: [...why, 'cat'] }
}

/** For the headless server, without Electron's powerSaveBlocker. */
export function commandSleepInhibitor(
  log: Log,
  platform: NodeJS.Platform = process.platform,
): SleepInhibitor {
  const command = inhibitCommand(platform, process.pid)
  let child: ChildProcess | null = null
  let isUnavailable = false

  const unavailable = (reason: string): void => {
    child = null
    if (isUnavailable) return
    isUnavailable = true
    log.warn('sleep', 'this machine may fall asleep while an arm has torque on: keep it awake yourself', {
      reason,
    })
  }
  const release = (): void => {
    const released = child
    child = null
    released?.stdin?.end()
    released?.kill()
  }

  return {
    set: (isOn) => {
      if (!isOn) return release()
      if (child !== null || isUnavailable) return
      if (command === null) return unavailable(`no known command on ${platform}`)
      const started = spawn(command.file, command.args, { stdio: ['pipe', 'ignore', 'pipe'] })
      let complaint = ''
      started.stderr?.on('data', (chunk: Buffer) => {
        complaint = (complaint + chunk.toString()).slice(-500)
      })
      // Writing never happens, closing may race with the child's end.
      started.stdin?.on('error', () => undefined)
      started.once('error', (error) => unavailable(error.message))
      started.once('exit', () => {
        if (child === started) unavailable(complaint.trim() || `${command.file} ended`)
      })
      child = started
    },
    [Symbol.dispose]: release,
  }
}
