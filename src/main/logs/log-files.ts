/**
 * Every process's log lines, as JSON lines in `DATA_DIR/logs/<process>.jsonl`, and the newest of all in memory for the problem
 * report. A full or read-only disk loses log lines and nothing else; the loss is counted.
 */
import { join } from 'node:path'
import type { LogLine } from '#contract/services/host.ts'
import { appendRotating } from './rotating-file.ts'

const recentLength = 400

export interface RecentLine extends LogLine {
  readonly process: string
}

export interface LogFiles extends Disposable {
  write(process: string, line: LogLine): void
  /** Newest last. */
  readonly recent: readonly RecentLine[]
  /** Lines that the disk refused. */
  readonly lost: number
}

export function openLogFiles(dataDir: string): LogFiles {
  const waiting = new Map<string, string[]>()
  const recent: RecentLine[] = []
  let lost = 0
  let flushing: NodeJS.Immediate | null = null

  const flush = (): void => {
    flushing = null
    for (const [process, lines] of waiting) {
      try {
        appendRotating(join(dataDir, 'logs', `${process}.jsonl`), `${lines.join('\n')}\n`)
      } catch {
        lost += lines.length
      }
    }
    waiting.clear()
  }

  return {
    write: (process, line) => {
      recent.push({ ...line, process })
      if (recent.length > recentLength) recent.shift()
      const lines = waiting.get(process) ?? []
      lines.push(JSON.stringify(line))
      waiting.set(process, lines)
      flushing ??= setImmediate(flush)
    },
    get recent() {
      return recent
    },
    get lost() {
      return lost
    },
    [Symbol.dispose]: () => {
      if (flushing !== null) clearImmediate(flushing)
      flush()
    },
  }
}
