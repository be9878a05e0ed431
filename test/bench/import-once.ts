/** One import in a process of its own, which is the only way to know its memory: `node test/bench/import-once.ts CHECKPOINT DATA_DIR`. */
import { join, resolve } from 'node:path'
import { unwrap } from '#core/result.ts'
import { importCheckpoint } from '#host/policy/import/import-checkpoint.ts'

const [source = '', dataDir = ''] = process.argv.slice(2)
const beforeKb = process.resourceUsage().maxRSS
const { report } = unwrap(
  await importCheckpoint(
    { source, name: 'bench', robot: null, tokenizer: null, precision: 'fp32' },
    {
      ownDir: join(dataDir, 'policies'),
      dataDir,
      resourcesDir: resolve(import.meta.dirname, '..', '..', 'resources'),
      nowMs: () => performance.now(),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
  ),
)
const { nodes, elapsedMs } = report
console.log(
  JSON.stringify({
    nodes,
    inspectMs: elapsedMs,
    extraMb: (process.resourceUsage().maxRSS - beforeKb) / 1024,
  }),
)
