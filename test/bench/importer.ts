/** Import of a checkpoint of full size: how long, and how much more memory than a process that does nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Figure } from './report.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** Runs a program of this Node to its end. @returns what it printed. @throws when it fails */
async function node(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args[0] ?? ''} ended with ${String(code)}`)
  return text
}

export async function benchImport(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'foresight-import-'))
  try {
    const checkpoint = join(folder, 'checkpoint')
    await node('scripts/make-full-checkpoint.mjs', checkpoint)
    const began = performance.now()
    const text = await node('test/bench/import-once.ts', checkpoint, join(folder, 'data'))
    const wholeMs = performance.now() - began
    const { nodes, extraMb } = JSON.parse(text) as { nodes: number; extraMb: number }
    return [
      {
        name: 'import of a 3B checkpoint, process included',
        value: wholeMs / 1000,
        unit: 's',
        budget: 5,
        note: `${nodes} nodes; random weights, holes for the large matrices`,
      },
      { name: 'import of a 3B checkpoint, extra memory', value: extraMb, unit: 'MB', budget: 300 },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
