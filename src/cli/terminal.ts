/** The command line's side of the terminal: answers on stdout, everything for people on stderr, Ctrl-C as an abort. */
import type { Fault } from '#core/result.ts'
import type { Program } from '#main/instance/program.ts'
import type { CliCommand, CliIo } from './command.ts'

export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

export interface TerminalOptions extends Output {
  readonly isJson: boolean
  readonly program: Program
  readonly dataDir: string
  readonly signal: AbortSignal
  readonly command: Pick<CliCommand, 'name' | 'usage'>
}

/** Exit codes besides 0: the answer is a failure, the arguments are wrong, a bug. */
export const exitCodes = { failure: 1, misuse: 2, bug: 70 } as const

export function terminalIo(options: TerminalOptions): CliIo {
  const { isJson, program, dataDir, signal, command, out, err } = options
  const failure = (fault: Fault, code: number): number => {
    if (isJson) out(JSON.stringify({ error: fault }))
    else err(`${fault.message} (${fault.code})`)
    return code
  }
  return {
    isJson,
    signal,
    dataDir,
    rootDir: program.rootDir,
    resourcesDir: program.resourcesDir,
    answer: (value, text) => out(isJson ? JSON.stringify(value) : typeof text === 'string' ? text : text()),
    note: err,
    fail: (fault) => failure(fault, exitCodes.failure),
    misuse: (message) => {
      err(`${message}\nusage: ${command.usage}`)
      return isJson
        ? failure({ code: 'contract/invalid-request', message }, exitCodes.misuse)
        : exitCodes.misuse
    },
  }
}

const lookEveryMs = 500

/** npm runs scripts through a shell that passes no signal on: `kill` of npm is noticed only by the parent being gone. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, lookEveryMs)
  timer.unref()
}

/** One Ctrl-C reaches this process from the terminal and from the launcher. */
const sameInterruptMs = 300

/** Aborts at the first Ctrl-C, SIGTERM or end of the launcher; the second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const abort = new AbortController()
  let firstMs = 0
  const interrupt = (): void => {
    if (abort.signal.aborted && performance.now() - firstMs > sameInterruptMs) process.exit(130)
    if (abort.signal.aborted) return
    firstMs = performance.now()
    abort.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // The launcher of `bin/foresight` holds an IPC channel only so that its death is noticed.
  process.once('disconnect', interrupt)
  process.channel?.unref()
  if (process.env['npm_lifecycle_event'] !== undefined) watchParent(interrupt)
  return abort.signal
}
