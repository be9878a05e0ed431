#!/usr/bin/env node
// `foresight`: runs itself again on the pinned Node when another one started it, builds what `start` needs, and hands over to
// the command line (src/cli). From a clone every command but `start` runs from the sources, so that nothing has to be built first.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isPinned, pinnedMajor, pinnedNode } from './pinned-node.mjs'

const self = realpathSync(fileURLToPath(import.meta.url))
const root = dirname(dirname(self))
const args = process.argv.slice(2)

/** The other Node does the work; this process only passes signals on and, by dying, tells that it is gone. */
function runAgain(node) {
  const child = spawn(node, [self, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128)
    process.disconnect?.()
  })
}

async function run() {
  const isSource = existsSync(join(root, 'src', 'cli', 'main.ts'))
  const command = args.find((word) => !word.startsWith('-')) ?? 'start'
  const isHelp = args.includes('--help')
  let from = isSource ? 'src' : 'out'
  if (command === 'start' && !isHelp && process.env.FORESIGHT_FROM !== 'src') {
    from = 'out'
    if (isSource) {
      const { buildInChild, isStale } = await import('../scripts/build.mjs')
      if (isStale()) {
        console.error('Foresight is being built …')
        process.exitCode = buildInChild()
        if (process.exitCode !== 0) return
      }
    }
  }
  const entry = join(root, from, 'cli', from === 'src' ? 'main.ts' : 'main.js')
  const { main } = await import(pathToFileURL(entry).href)
  await main()
}

const pinned = isPinned() ? null : pinnedNode(root)
if (pinned !== null) runAgain(pinned)
else if (!isPinned()) {
  console.error(
    `Foresight needs Node ${pinnedMajor}; this is ${process.version}, and the package that brings it is not installed. Run npm ci.`,
  )
  process.exitCode = 1
} else await run()
