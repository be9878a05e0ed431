/** The contract suite over a real child process. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { processTransport } from '#contract/transport/process.ts'
import { contractSuite } from '../../unit/contract/transport-suite.ts'

const child = fileURLToPath(new URL('../../fakes/probe-child.ts', import.meta.url))

contractSuite('a child process', async () => {
  const forked = fork(child, { serialization: 'advanced', execArgv: [] })
  return {
    transport: processTransport(forked),
    loseServer: () => void forked.kill('SIGKILL'),
    dispose: async () => {
      if (forked.exitCode !== null || forked.signalCode !== null) return
      forked.kill('SIGKILL')
      await once(forked, 'exit')
    },
  }
})

describe('a child whose parent died while it was loading', () => {
  it('finds its transport closed, though it missed the event', async () => {
    const [closed, open] = [false, true].map((connected) =>
      processTransport({ connected, on: () => undefined, send: () => true }),
    )
    const told: string[] = []
    closed?.onClose(() => void told.push('closed'))
    open?.onClose(() => void told.push('open'))
    expect(told).toEqual(['closed'])
  })
})
