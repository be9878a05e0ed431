/** `foresight trash`: what waits there to be brought back, and emptying it. */
import { emptyTrash, listTrash, type TrashItem } from '#host/shared/trash.ts'
import type { CliCommand } from '../command.ts'
import { readNumber, readOptions } from '../read-options.ts'

const dayMs = 24 * 3600 * 1000

const megabytes = (items: readonly TrashItem[]): string =>
  `${(items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6).toFixed(1)} MB`

export const trashCommand: CliCommand = {
  name: 'trash',
  summary: 'list what was discarded, deleted or removed, or empty it',
  usage: [
    'foresight trash [--older-than DAYS] [--empty] [--json]',
    '',
    'Discarded takes, deleted episodes of datasets in the data folder, removed policies. Nothing leaves the trash by itself.',
    '',
    '--older-than DAYS  only what has been there for so long',
    '--empty            removes it for good: it cannot be brought back',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, { 'older-than': 'value', empty: 'flag' })
    if (typeof read === 'string') return io.misuse(read)
    if (read.positionals.length > 0) return io.misuse(`unexpected ${read.positionals.join(' ')}`)
    const days = readNumber(read.values['older-than'], 'older-than', { min: 0, max: 36_500 })
    if (typeof days === 'string') return io.misuse(days)
    const all = await listTrash(io.dataDir)
    const items = all.filter(({ sinceMs }) => days === null || Date.now() - sinceMs >= days * dayMs)
    const isEmptied = read.flags.has('empty')
    if (isEmptied) {
      const emptied = await emptyTrash(items)
      if (!emptied.ok) return io.fail(emptied.error)
    }
    io.answer({ items, isEmptied }, () =>
      isEmptied
        ? `${items.length} removed, ${megabytes(items)} freed`
        : [...items.map(lineText), `${items.length} in the trash, ${megabytes(items)}`].join('\n'),
    )
    return 0
  },
}

const lineText = (item: TrashItem): string =>
  `${item.kind.padEnd(8)}${new Date(item.sinceMs).toISOString().slice(0, 10)}  ${megabytes([item]).padStart(10)}  ${item.path}`
