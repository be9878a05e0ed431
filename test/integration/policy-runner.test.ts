/** Runners: the processes in which graphs are computed, as their host sees them live and die. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GraphBuilder } from '#core/onnx/graph-builder.ts'
import { add, mul } from '#core/onnx/ops-elementwise.ts'
import { RunnerProcess } from '#host/policy/runner/runner-process.ts'
import type { RunAnswer, SessionRequest } from '#host/policy/runner/protocol.ts'
import { PolicyDesk } from '#host/policy/policy-desk.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { createLog } from '#host/shared/log.ts'
import { files, offsetModel, policyShelf, type PolicyShelf } from '#test/unit/host/policy/policy-folder.ts'

/** y = x · w + 1 with w from outside the graph. */
function graph(): Uint8Array {
  const g = new GraphBuilder()
  const x = g.input('x', 'float32', [2])
  const w = g.external('w', 'float32', [2], { location: 'side.bin', offset: 4, length: 8 })
  g.output('y', add(g, mul(g, x, w), g.scalar(1)))
  return g.encode({ opset: 21, graphName: 'test', description: '' })
}

const request = (changes: Partial<SessionRequest> = {}): SessionRequest => ({
  model: graph(),
  folder: null,
  sidecars: [{ path: 'side.bin', data: new Uint8Array(Float32Array.of(9, 2, 3).buffer) }],
  provider: 'cpu',
  threads: 1,
  hasPrepacking: true,
  keep: [],
  ...changes,
})

const x = { type: 'float32', shape: [2], data: Float32Array.of(10, 20) } as const

/** Of output `y`. */
const numbers = ({ outputs }: RunAnswer): number[] => Array.from(outputs['y']?.data ?? [], Number)

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0)
    return true
  } catch {
    return false
  }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10))
}

let runner: RunnerProcess
beforeEach(() => {
  runner = new RunnerProcess({ env: {}, priority: 'normal' })
})
afterEach(() => runner[Symbol.asyncDispose]())

describe('a runner', () => {
  it('computes a graph given as bytes, with its weights from memory', async () => {
    const session = await runner.open(request())
    if (!session.ok) throw new Error(session.error.message)
    const answer = await session.value.run({ x })
    expect(answer).toMatchObject({ ok: true })
    expect(answer.ok && numbers(answer.value)).toEqual([21, 61])
  })

  it('finds weights in a folder beside a graph given as bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weights ü-'))
    await writeFile(join(folder, 'side.bin'), new Uint8Array(Float32Array.of(9, 4, 5).buffer))
    const session = await runner.open(request({ folder, sidecars: [] }))
    if (!session.ok) throw new Error(session.error.message)
    const answer = await session.value.run({ x })
    expect(answer.ok && numbers(answer.value)).toEqual([41, 101])
    await rm(folder, { recursive: true })
  })

  it('hands a kept output to the next session without bringing it back', async () => {
    const first = await runner.open(request({ keep: ['y'] }))
    const second = await runner.open(request())
    if (!first.ok || !second.ok) throw new Error('not open')
    const kept = await first.value.run({ x })
    expect(kept.ok && kept.value.outputs).toEqual({})
    const answer = await second.value.run({ x: first.value.kept('y') })
    expect(answer.ok && numbers(answer.value)).toEqual([43, 184])
  })

  it('refuses what is no graph, and lives', async () => {
    expect(await runner.open(request({ model: new TextEncoder().encode('no') }))).toMatchObject({
      ok: false,
      error: { code: 'policy/not-onnx' },
    })
    expect((await runner.open(request())).ok).toBe(true)
  })

  it('names the provider that cannot work here', async () => {
    const provider = process.platform === 'win32' ? 'coreml' : 'dml'
    expect(await runner.open(request({ provider }))).toMatchObject({
      ok: false,
      error: { code: 'policy/provider-failed', data: { provider } },
    })
  })

  it('is a fault with its reason when it is killed, for those who wait and those who come later', async () => {
    const session = await runner.open(request())
    if (!session.ok) throw new Error(session.error.message)
    process.kill(runner.processId ?? 0, 'SIGKILL')
    const died = { ok: false, error: { code: 'policy/runner-died', data: { reason: 'SIGKILL' } } }
    expect(await session.value.run({ x })).toMatchObject(died)
    expect(await runner.ended).toMatchObject({ code: 'policy/runner-died' })
    expect(await runner.open(request())).toMatchObject(died)
    expect(runner.processId).toBeNull()
  })

  it.skipIf(process.platform === 'win32')(
    'that freezes without ending is killed once it is silent for too long, and says for how long',
    async () => {
      const timers: { ms: number; ring: () => void; isOver: boolean }[] = []
      await using frozen = new RunnerProcess({
        env: {},
        priority: 'normal',
        later: (ring, ms) => {
          const timer = { ms, ring, isOver: false }
          timers.push(timer)
          return { [Symbol.dispose]: () => void (timer.isOver = true) }
        },
      })
      const session = await frozen.open(request())
      if (!session.ok) throw new Error(session.error.message)
      expect((await session.value.run({ x })).ok).toBe(true)
      process.kill(frozen.processId ?? 0, 'SIGSTOP')
      const waits = session.value.run({ x })
      expect(timers.map(({ ms, isOver }) => [ms, isOver])).toEqual([
        [900_000, true],
        [900_000, true],
        [30_000, false],
      ])
      timers.at(-1)?.ring()
      const died = { code: 'policy/runner-died', data: { reason: 'no answer for 30 s' } }
      expect(await waits).toMatchObject({ ok: false, error: died })
      expect(await frozen.ended).toMatchObject(died)
    },
  )

  it('is not called dead when it was asked to go', async () => {
    await runner.open(request())
    await runner[Symbol.asyncDispose]()
    const outcome = await Promise.race([runner.ended, Promise.resolve('asked')])
    expect(outcome).toBe('asked')
  })
})

describe('a policy host that is killed', () => {
  it('takes its runners along', async () => {
    const owner = fileURLToPath(new URL('./policy-runner-owner.ts', import.meta.url))
    const host = fork(owner, { execPath: process.execPath, serialization: 'advanced' })
    const [processId] = (await once(host, 'message')) as [number]
    expect(isAlive(processId)).toBe(true)
    host.kill('SIGKILL')
    await until(() => !isAlive(processId))
  })
})

describe('a policy whose runner dies', () => {
  let shelf: PolicyShelf
  let timers: { run: () => void; delayMs: number }[]
  let desk: PolicyDesk
  beforeEach(async () => {
    shelf = await policyShelf()
    timers = []
    await shelf.put('shipped', 'good', files(offsetModel(1)))
    desk = new PolicyDesk({
      folders: shelf,
      settingsDir: join(shelf.root, 'settings'),
      clock: () => 1e6,
      providers: new ProviderDesk([]),
      log: createLog(),
      pictures: null,
      foresight: null,
      later: (run, delayMs) => {
        timers.push({ run, delayMs })
        return { [Symbol.dispose]: () => undefined }
      },
    })
  })
  afterEach(async () => {
    await desk[Symbol.asyncDispose]()
    await shelf[Symbol.asyncDispose]()
  })

  const killRunners = (): void => {
    for (const id of desk.processIds) process.kill(id, 'SIGKILL')
  }

  const infer = () =>
    desk.infer(
      { policyId: 'good', timeUs: 1, state: Float32Array.of(1, 2), extras: {}, task: '', guide: null },
      new AbortController().signal,
    )

  it('answers with a fault, and is warm again after the back-off', async () => {
    await desk.load('good')
    killRunners()
    await expect(infer()).rejects.toMatchObject({ fault: { code: 'policy/runner-died' } })
    await until(() => timers.length === 1)
    expect(timers[0]?.delayMs).toBe(250)
    expect(desk.state()).toMatchObject({ status: 'failed', fault: { code: 'policy/runner-died' } })
    timers[0]?.run()
    await until(() => desk.state().status === 'warm')
    expect((await infer()).chunkId).toBe(1)
  })

  it('is given up after five deaths in a row, and taken up again by a person', async () => {
    await desk.load('good')
    for (let death = 0; death < 6; death++) {
      killRunners()
      await until(() => desk.state().status === 'failed')
      timers[death]?.run()
      if (death < 5) await until(() => desk.state().status === 'warm')
    }
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([250, 500, 1000, 2000, 4000])
    await desk.load('good')
    expect(desk.state().status).toBe('warm')
  })
})
