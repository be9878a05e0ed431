/**
 * What a command of `foresight` is and what it may use. Commands are thin: they parse their own arguments, call a host's code,
 * and give exactly one answer, readable by people or, with `--json`, by programs.
 */
import type { Fault } from '#core/result.ts'

export interface CliIo {
  /** `--json` was given. It is taken out of `args` before a command sees them. */
  readonly isJson: boolean
  /** The one answer: one line of JSON on stdout with `--json`, else the text. Long-running commands may answer several times. */
  answer(value: unknown, text: string | (() => string)): void
  /** For people only, on stderr: progress, hints, warnings. Silent never; programs ignore stderr. */
  note(text: string): void
  /** Tells what went wrong (`{"error":{code,message,data}}` with `--json`, a line on stderr without) and gives the exit code 1. */
  fail(fault: Fault): number
  /** Wrong arguments: prints the message with the command's usage and gives the exit code 2. */
  misuse(message: string): number
  /** Aborts at the first Ctrl-C or SIGTERM; the command then ends in order. A second one ends the process at once. */
  readonly signal: AbortSignal
  /** The program's folder (the one with package.json) and its read-only files. */
  readonly rootDir: string
  readonly resourcesDir: string
  /** All user data (`FORESIGHT_DATA_DIR` or the system's place for it). Not created until something is written. */
  readonly dataDir: string
}

export interface CliCommand {
  /** One or two words: `sim`, `arm scan`. The longest name that the arguments begin with is chosen. */
  readonly name: string
  /** One line for `foresight help`. */
  readonly summary: string
  /** Shown by `foresight help NAME` and with wrong arguments: one line per form, then the options. */
  readonly usage: string
  /** `args` are the arguments after the name, without `--json`. Gives the exit code. Throwing is a bug, printed as such with exit code 70. */
  run(args: readonly string[], io: CliIo): Promise<number>
}
