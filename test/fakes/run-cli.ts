/** The command line in this process, with what it printed. */
import { runCli } from '#cli/main.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export async function runCommand(
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) }
  const code = await runCli(args, output, signal)
  return { code, out: out.join('\n'), err: err.join('\n') }
}
