/** `foresight arm scan`: which servos answer on a port, and at which speed. Only asks; writes nothing to a servo. */
import { scanPort, type ScanOptions, type ScanReport } from '#host/rig/devices/scan.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { readNumber, readOptions } from '../read-options.ts'

const usage = `foresight arm scan --port PORT [--baud N] [--all] [--json]
  --port PORT  serial port, e.g. /dev/ttyACM0 or COM3
  --baud N     try this speed only
  --all        try every speed, even after servos answered at one`

const bauds = { min: 1200, max: 4_000_000, isInteger: true }

function table({ servos, garbledBauds }: ScanReport): string {
  const garbled = garbledBauds.map(
    (baud) => `unreadable answers at ${baud} baud: two servos with one id, or a bad cable`,
  )
  if (servos.length === 0) return ['no servo answered', ...garbled].join('\n')
  const lines = servos.map(
    ({ id, model, firmware, baud }) =>
      `${String(id).padStart(3)}  ${model.padEnd(10)}  firmware ${firmware}  ${baud} baud`,
  )
  return [' id  model', ...lines, ...garbled].join('\n')
}

async function scan(path: string, options: ScanOptions, io: CliIo): Promise<number> {
  const found = await scanPort(path, {
    ...options,
    signal: io.signal,
    onBaud: (baud) => io.note(`asking at ${baud} baud`),
  })
  if (!found.ok) return io.fail(found.error)
  if (found.value.servos.length === 0 && !io.isJson) io.note(table(found.value))
  if (found.value.servos.length === 0)
    return io.fail({ code: 'bus/no-reply', message: `no servo answers on ${path}`, data: { ...found.value } })
  io.answer(found.value, () => table(found.value))
  return 0
}

export const armScanCommand: CliCommand = {
  name: 'arm scan',
  summary: 'list the servos that answer on a serial port',
  usage,
  run: async (args, io) => {
    const read = readOptions(args, { port: 'value', baud: 'value', all: 'flag' })
    if (typeof read === 'string') return io.misuse(read)
    const { port } = read.values
    if (port === undefined) return io.misuse('--port is missing')
    if (read.positionals.length > 0) return io.misuse(`unexpected ${read.positionals.join(' ')}`)
    const baud = readNumber(read.values['baud'], 'baud', bauds)
    if (typeof baud === 'string') return io.misuse(baud)
    const speeds = baud === null ? {} : { bauds: [baud] }
    return await scan(port, { ...speeds, isExhaustive: read.flags.has('all') }, io)
  },
}
