/** Supervision with processes made of memory and time made by the test. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMux } from '#contract/rpc/mux.ts'
import { implement, serve } from '#contract/rpc/serve.ts'
import { host, type LogLine } from '#contract/services/host.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { createLog } from '#host/shared/log.ts'
import type { HostLink } from '#main/supervise/host-link.ts'
import { startSupervisor, type Supervisor } from '#main/supervise/supervisor.ts'

/** One life of a host. */
class FakeProcess implements HostLink {
  static readonly all: FakeProcess[] = []
  readonly pid: number
  readonly transport
  isAnswering = true
  isObedient = true
  isTorqueOn = false
  wasKilled = false
  #exit: ((reason: string) => void) | null = null
  readonly #far

  constructor() {
    this.pid = 100 + FakeProcess.all.push(this)
    const [near, far] = memoryPair()
    this.transport = near
    this.#far = far
    const service = implement(host, {
      beat: () =>
        this.isAnswering
          ? Promise.resolve({ memoryMb: 50.4, isTorqueOn: this.isTorqueOn })
          : new Promise(() => undefined),
      shutdown: async () => {
        if (this.isObedient) queueMicrotask(() => this.exit('code 0'))
      },
      log: (_params, emitter) => {
        const line: LogLine = { timeIso: '', level: 'info', area: 'fake', message: `hello from ${this.pid}` }
        void emitter.emit(line)
        return { [Symbol.dispose]: () => undefined }
      },
    })
    createMux(far, (peer, channel) => serve([service], channel, peer))
  }

  exit(reason: string): void {
    this.#far.close()
    this.#exit?.(reason)
  }
  onExit(listener: (reason: string) => void): void {
    this.#exit = listener
  }
  onOutput(): void {}
  kill(): void {
    this.wasKilled = true
    this.exit('signal SIGKILL')
  }
}

const last = (): FakeProcess => {
  const process = FakeProcess.all.at(-1)
  if (process === undefined) throw new Error('nothing was started')
  return process
}
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

describe('a supervised host', () => {
  let supervisor: Supervisor
  const lines: string[] = []
  const status = (): unknown => supervisor.statuses[0]
  const start = (): Supervisor =>
    startSupervisor({
      entries: [{ name: 'rig', modulePath: 'rig.js' }],
      spawn: () => new FakeProcess(),
      log: createLog(),
      onLogLine: (name, line) => void lines.push(`${name}: ${line.message}`),
    })
  beforeEach(() => {
    vi.useFakeTimers()
    FakeProcess.all.length = 0
    lines.length = 0
    supervisor = start()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is starting until it answers, then running, with its memory', async () => {
    const fresh = start()
    expect(fresh.statuses[0]).toMatchObject({ status: 'starting', pid: 102, restarts: 0 })
    await pass(1)
    expect(fresh.statuses[0]).toMatchObject({ status: 'running', memoryMb: 50 })
  })

  it('passes its log on', async () => {
    await pass(1)
    expect(lines).toEqual(['rig: hello from 101'])
  })

  it('is silent two seconds after its last answer, and running again with the next', async () => {
    await pass(1)
    last().isAnswering = false
    await pass(1990)
    expect(status()).toMatchObject({ status: 'running' })
    await pass(600)
    expect(status()).toMatchObject({ status: 'silent' })
    expect(last().wasKilled).toBe(false)
  })

  it('is killed and started again when it has been silent for a minute', async () => {
    await pass(1)
    last().isAnswering = false
    await pass(61_000)
    expect(FakeProcess.all[0]?.wasKilled).toBe(true)
    expect(FakeProcess.all).toHaveLength(2)
    expect(status()).toMatchObject({ restarts: 1, lastExit: 'signal SIGKILL' })
  })

  it('comes back after 0.25 s, 0.5 s … 8 s when it keeps dying', async () => {
    const delaysMs: number[] = []
    for (let death = 0; death < 8; death++) {
      last().exit('code 1')
      expect(status()).toMatchObject({ status: 'restarting', pid: null, memoryMb: null, lastExit: 'code 1' })
      const count = FakeProcess.all.length
      const start = Date.now()
      while (FakeProcess.all.length === count) await pass(50)
      delaysMs.push(Date.now() - start)
    }
    expect(delaysMs).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000])
  })

  it('comes back quickly again after it has lived for half a minute', async () => {
    for (const _death of [1, 2, 3]) {
      last().exit('code 1')
      await pass(2000)
    }
    await pass(31_000)
    last().exit('code 1')
    await pass(260)
    expect(FakeProcess.all).toHaveLength(5)
  })

  it('has torque as of the last heartbeat, and none once it is gone', async () => {
    last().isTorqueOn = true
    await pass(600)
    expect(supervisor.isTorqueOn).toBe(true)
    last().exit('code 1')
    expect(supervisor.isTorqueOn).toBe(false)
  })

  it('closes every channel when its process ends, and gives none until the next', async () => {
    await pass(1)
    const closed = vi.fn()
    supervisor.host('rig')?.open('page-1')?.onClose(closed)
    last().exit('code 1')
    expect(closed).toHaveBeenCalledOnce()
    expect(supervisor.host('rig')?.open('page-1')).toBeNull()
    await pass(300)
    expect(supervisor.host('rig')?.open('page-1')).not.toBeNull()
  })

  it('is asked to end, and stays ended', async () => {
    await pass(1)
    await supervisor[Symbol.asyncDispose]()
    expect(last().wasKilled).toBe(false)
    expect(status()).toMatchObject({ status: 'stopped', lastExit: 'code 0' })
    await pass(20_000)
    expect(FakeProcess.all).toHaveLength(1)
  })

  it('is killed when it does not end', async () => {
    last().isObedient = false
    const ended = supervisor[Symbol.asyncDispose]()
    await pass(19_900)
    expect(last().wasKilled).toBe(false)
    await pass(200)
    await ended
    expect(last().wasKilled).toBe(true)
  })

  it('does not come back when the end falls between two lives', async () => {
    last().exit('code 1')
    await supervisor[Symbol.asyncDispose]()
    await pass(20_000)
    expect(FakeProcess.all).toHaveLength(1)
    expect(status()).toMatchObject({ status: 'stopped' })
  })

  it('is started again at once by hand', async () => {
    await pass(1)
    await supervisor.restart('rig')
    expect(FakeProcess.all).toHaveLength(2)
    expect(status()).toMatchObject({ pid: 102, restarts: 0 })
  })
})
