/** Entry of the command line: finds the command, runs it, and turns its answer into an exit code. Loaded by bin/foresight.mjs. */
import { dataDirOf } from '#main/instance/data-dir.ts'
import { findProgram } from '#main/instance/program.ts'
import { commandTable, findCommand } from './command-table.ts'
import { exitCodes, interruptSignal, terminalIo, type Output } from './terminal.ts'

async function help(output: Output, isJson = false): Promise<void> {
  const commands = await Promise.all(Object.values(commandTable).map((load) => load()))
  if (isJson) {
    output.out(
      JSON.stringify({ commands: commands.map(({ name, summary, usage }) => ({ name, summary, usage })) }),
    )
    return
  }
  const width = Math.max(...commands.map((command) => command.name.length))
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`)
  output.out(
    [
      'foresight COMMAND [OPTIONS]',
      '',
      ...lines,
      '',
      'foresight help COMMAND tells more. --json makes every command answer in JSON.',
      'FORESIGHT_DATA_DIR moves all user data.',
    ].join('\n'),
  )
}

/** Runs one command line (without node and script). Resolves to the exit code. */
export async function runCli(args: readonly string[], output: Output, signal: AbortSignal): Promise<number> {
  const isJson = args.includes('--json')
  const words = args.filter((word) => word !== '--json')
  const isHelp = words[0] === 'help' || words.includes('--help')
  const asked = words.filter((word) => word !== '--help').slice(words[0] === 'help' ? 1 : 0)
  if (isHelp && asked.length === 0) {
    await help(output, isJson)
    return 0
  }
  const found = findCommand(asked.length === 0 ? ['start'] : asked)
  if (found === null) {
    const message = `unknown command: ${asked.join(' ')}`
    output.err(message)
    if (isJson) output.out(JSON.stringify({ error: { code: 'contract/invalid-request', message } }))
    await help({ out: output.err, err: output.err })
    return exitCodes.misuse
  }
  const command = await found.load()
  if (isHelp) {
    const { name, summary, usage } = command
    output.out(isJson ? JSON.stringify({ name, summary, usage }) : `${summary}\n\n${usage}`)
    return 0
  }
  const program = findProgram(import.meta.dirname)
  const dataDir = dataDirOf(process.env)
  return await command.run(found.rest, terminalIo({ ...output, isJson, program, dataDir, signal, command }))
}

/** Runs the process's own command line and ends the process. */
export async function main(): Promise<void> {
  const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text}\n`)
  const output = { out: write(process.stdout), err: write(process.stderr) }
  // Whoever read the output may have gone (`foresight sim | head -1`): no reason to let go of an arm in the middle of a run.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  try {
    process.exitCode = await runCli(process.argv.slice(2), output, interruptSignal())
  } catch (error) {
    output.err(`this is a bug in Foresight: ${error instanceof Error ? error.stack : String(error)}`)
    process.exitCode = exitCodes.bug
  }
  // A stream that is still being read elsewhere must not keep a finished command alive; written output must not be lost.
  process.stdout.write('', () => process.exit())
}
