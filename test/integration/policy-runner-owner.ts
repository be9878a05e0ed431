/** A process that owns a runner, for a test that kills it: tells the runner's id once it serves, then waits. */
import { RunnerProcess } from '#host/policy/runner/runner-process.ts'

const runner = new RunnerProcess({ env: {}, priority: 'low' })
await runner.open({
  model: new Uint8Array(),
  folder: null,
  sidecars: [],
  provider: 'cpu',
  threads: 1,
  hasPrepacking: true,
  keep: [],
})
process.send?.(runner.processId)
