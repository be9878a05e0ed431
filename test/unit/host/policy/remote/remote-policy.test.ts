import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { NdArray, type WireMap } from '#core/policy/openpi/wire-value.ts'
import { unwrap, type Fault, type Result } from '#core/result.ts'
import { openRemotePolicy } from '#host/policy/remote/open-remote-policy.ts'
import type { Policy } from '#host/policy/policy.ts'
import { FakePolicyServer, wire, type FakePolicyServerOptions } from '#test/fakes/fake-policy-server.ts'
import { ManualTimers, settle } from '#test/fakes/manual-timers.ts'
import { chunkAnswer, observation, remoteManifest } from './remote-fixtures.ts'

const timers = new ManualTimers()
const later = (act: () => void, delayMs: number): Disposable => timers.after(delayMs, act)
const left: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of left.splice(0)) await one[Symbol.asyncDispose]()
  await settle()
})
async function serverOf(options: FakePolicyServerOptions = {}): Promise<FakePolicyServer> {
  const server = await FakePolicyServer.start({ answer: () => chunkAnswer(), ...options })
  left.unshift(server)
  return server
}

let nowUs = 0
const clock = (): number => (nowUs += 1000)

async function open(address: string): Promise<Result<Policy>> {
  const opened = await openRemotePolicy('/nowhere', { ...remoteManifest, address }, { clock, later })
  if (opened.ok) left.unshift(opened.value)
  return opened
}

const policyAt = async (server: FakePolicyServer): Promise<Policy> => unwrap(await open(server.address))

async function faultOf(result: Promise<Result<unknown>>): Promise<Fault> {
  const settled = await result
  if (settled.ok) throw new Error('it went well')
  return settled.error
}

/** Lets sockets deliver until something is so. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** The first chunk after a connection was made again. */
async function nextChunk(policy: Policy): Promise<number[]> {
  for (;;) {
    const chunk = await policy.infer(observation)
    if (chunk.ok) return [...chunk.value.actions]
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a policy on an openpi server', () => {
  it('sends the observation under the keys of its template, and takes the chunk', async () => {
    const server = await serverOf()
    const policy = await policyAt(server)
    const chunk = unwrap(await policy.infer(observation))
    expect([...chunk.actions]).toEqual([1, 2, 3, 4])
    expect(chunk).toMatchObject({ observationUs: 77, length: 2, width: 2, isGuided: false, hidden: null })
    expect(chunk.stagesMs).toMatchObject({ infer: 7.5, network: 0 })
    const [question] = server.questions as WireMap[]
    expect(Object.keys(question ?? {})).toEqual([
      'images',
      'observation/image',
      'observation/joints',
      'observation/gripper',
      'observation/cube',
      'prompt',
    ])
    expect(question).toMatchObject({
      'observation/joints': { dtype: '<f8', shape: [1] },
      'observation/gripper': { dtype: '<f4', shape: [1] },
      'observation/cube': { dtype: '<f4', shape: [1, 3] },
      'observation/image': { dtype: '|u1', shape: [4, 4, 3] },
      images: { cam_high: { dtype: '|u1', shape: [3, 4, 4] } },
      prompt: 'pick up the cube',
    })
  })

  it('has every picture black above and below where it is wide, as openpi’s own clients send it', async () => {
    const server = await serverOf()
    const policy = await policyAt(server)
    unwrap(await policy.infer(observation))
    const picture = (server.questions[0] as WireMap)['observation/image'] as NdArray
    const red = Array.from({ length: 16 }, (_, pixel) => picture.data[3 * pixel] ?? -1)
    // 6 × 4 fits as 4 × 2 (the reference truncates 2.67), one black row on each side.
    expect(red.slice(0, 4)).toEqual([0, 0, 0, 0])
    expect(red.slice(4, 12).every((value) => value > 0)).toBe(true)
    expect(red.slice(12)).toEqual([0, 0, 0, 0])
  })

  it('sends the past picture with the present one to a policy that has a history', async () => {
    const server = await serverOf()
    const manifest = { ...remoteManifest, address: server.address, historyTicks: 15 }
    const policy = unwrap(await openRemotePolicy('/nowhere', manifest, { clock, later }))
    left.unshift(policy)
    expect(policy.pictureNeed).toEqual({ side: null, historyTicks: 15 })
    const front = { width: 6, height: 4, planes: new Float32Array(72).fill(1) }
    unwrap(await policy.infer({ ...observation, past: { front } }))
    const pair = (server.questions[0] as WireMap)['observation/image'] as NdArray
    expect(pair.shape).toEqual([2, 4, 4, 3])
    // The second row: white in the past, in the present the first pixels of the ramp.
    expect(pair.data[12]).toBe(255)
    expect(pair.data[48 + 12]).toBeLessThan(10)
  })

  it('asks for pictures at the size of the contract’s cameras', async () => {
    const policy = await policyAt(await serverOf())
    expect(policy.pictureNeed).toEqual({ side: null, historyTicks: 0 })
    expect(policy.provider).toMatch(/^ws:/)
  })

  it('is warm after two answers to a neutral question', async () => {
    const server = await serverOf()
    const policy = await policyAt(server)
    expect(unwrap(await policy.warmUp()).inferMs).toBeGreaterThan(0)
    expect(server.questions).toHaveLength(2)
  })

  it('measures one round trip where the server gives no time of its own', async () => {
    const policy = await policyAt(
      await serverOf({ answer: () => ({ actions: chunkAnswer()['actions'] ?? null }) }),
    )
    const { stagesMs } = unwrap(await policy.infer(observation))
    expect(Object.keys(stagesMs)).toEqual(['preprocess', 'infer'])
  })

  it('refuses an observation without a picture the server expects', async () => {
    const policy = await policyAt(await serverOf())
    expect(await faultOf(policy.infer({ ...observation, pictures: {} }))).toMatchObject({
      code: 'policy/wrong-shape',
      data: { source: 'front' },
    })
  })
})

describe('servers that cannot be reached', () => {
  it('nothing listens there', async () => {
    const server = await FakePolicyServer.start()
    const { address } = server
    await server[Symbol.asyncDispose]()
    expect(await faultOf(open(address))).toMatchObject({
      code: 'policy/remote-unreachable',
      data: { reason: 'ECONNREFUSED' },
    })
  })

  it.each([
    [401, 'policy/remote-refused'],
    [403, 'policy/remote-refused'],
    [503, 'policy/remote-refused'],
    [200, 'policy/remote-protocol'],
    [404, 'policy/remote-protocol'],
  ])('HTTP %i instead of a WebSocket is %s', async (refuse, code) => {
    const server = await serverOf({ refuse })
    expect(await faultOf(open(server.address))).toMatchObject({ code, data: { status: refuse } })
  })

  it('something that speaks no HTTP at all', async () => {
    const foreign = createServer((socket) => void socket.end('220 mail.example.org ESMTP\r\n'))
    foreign.listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    const { port } = foreign.address() as AddressInfo
    expect((await faultOf(open(`ws://127.0.0.1:${port}`))).code).toBe('policy/remote-protocol')
    foreign.close()
  })

  it('a server that accepts and never greets', async () => {
    const server = await serverOf({ greet: null })
    const opening = faultOf(open(server.address))
    await until(() => server.sockets.length === 1)
    timers.advance(5000)
    expect(await opening).toMatchObject({ code: 'policy/remote-unreachable', data: { timeoutMs: 5000 } })
  })

  it.each([
    [
      'a text',
      (socket: { send: (text: string | Uint8Array) => void }) => socket.send('busy'),
      'policy/remote-refused',
    ],
    [
      'a list',
      (socket: { send: (text: string | Uint8Array) => void }) => socket.send(wire([1])),
      'policy/remote-protocol',
    ],
    [
      'bytes of something else',
      (socket: { send: (text: string | Uint8Array) => void }) => socket.send(Uint8Array.of(0xc1, 0xc1)),
      'policy/remote-protocol',
    ],
  ])('a server that greets with %s', async (_what, greet, code) => {
    const server = await serverOf({ greet })
    expect((await faultOf(open(server.address))).code).toBe(code)
  })
})

describe('servers that misbehave', () => {
  it.each([
    ['a number that is none', chunkAnswer([1, Number.NaN, 3, 4]), 'policy/not-finite'],
    ['an impossible angle', chunkAnswer([1, 2, 5000, 4]), 'policy/out-of-range'],
    ['too few rows', chunkAnswer([1, 2], [1, 2]), 'policy/wrong-shape'],
    ['too many columns', chunkAnswer([1, 2, 3, 4, 5, 6], [2, 3]), 'policy/wrong-shape'],
    ['one row without an axis', chunkAnswer([1, 2, 3, 4], [4]), 'policy/wrong-shape'],
    ['texts for numbers', { actions: new NdArray('|S1', [2, 2], new Uint8Array(4)) }, 'policy/wrong-shape'],
    ['no actions', { state: 1 }, 'policy/remote-protocol'],
    ['actions as a list', { actions: [[1, 2]] }, 'policy/remote-protocol'],
  ])('%s never becomes a chunk', async (_what, answer, code) => {
    const policy = await policyAt(await serverOf({ answer: () => answer }))
    expect((await faultOf(policy.infer(observation))).code).toBe(code)
  })

  it('an error comes with the server’s own traceback', async () => {
    const traceback = 'Traceback (most recent call last):\n  File "policy.py"\nKeyError: \'state\'\n'
    const server = await serverOf({
      answer: (_question, socket) => {
        socket.send(traceback)
        socket.close(1011, 'Internal server error.')
        return null
      },
    })
    const policy = await policyAt(server)
    expect(await faultOf(policy.infer(observation))).toMatchObject({
      code: 'policy/remote-refused',
      data: { reason: "KeyError: 'state'", traceback },
    })
  })

  it('one that dies in the middle of an answer is asked again when it is back', async () => {
    const server = await serverOf({
      answer: (_question, socket) => {
        socket.terminate()
        return null
      },
    })
    const policy = await policyAt(server)
    expect((await faultOf(policy.infer(observation))).code).toBe('policy/remote-unreachable')
    // Not connected: no waiting, the arm must hold at once.
    expect((await faultOf(policy.infer(observation))).code).toBe('policy/remote-unreachable')
    server.become({ answer: () => chunkAnswer() })
    timers.advance(500)
    await until(() => server.sockets.length === 2)
    expect(await nextChunk(policy)).toEqual([1, 2, 3, 4])
  })

  it('a slow one is given up, and its late answer is never taken for the next one', async () => {
    const late: (() => void)[] = []
    const server = await serverOf({
      answer: (_question, socket) => {
        late.push(() => socket.send(wire(chunkAnswer([9, 9, 9, 9]))))
        return null
      },
    })
    const policy = await policyAt(server)
    const slow = faultOf(policy.infer(observation))
    await until(() => late.length === 1)
    timers.advance(1000)
    expect(await slow).toMatchObject({ code: 'policy/timeout', data: { timeoutMs: 1000 } })
    server.become({ answer: () => chunkAnswer() })
    late[0]?.()
    timers.advance(500)
    await until(() => server.sockets.length === 2)
    expect(await nextChunk(policy)).toEqual([1, 2, 3, 4])
  })

  it('one that answers without being asked is left', async () => {
    const server = await serverOf()
    const policy = await policyAt(server)
    server.sockets[0]?.send(wire(chunkAnswer()))
    await until(() => timers.waiting === 1)
    await new Promise((resolve) => setImmediate(resolve))
    await until(() => server.sockets[0]?.readyState === 3)
    const fault = await faultOf(policy.infer(observation))
    expect(fault.message).toContain('without being asked')
  })

  it('one that comes back with another greeting is another policy: it must be loaded again', async () => {
    const server = await serverOf({ greet: { model: 'a' } })
    const policy = await policyAt(server)
    server.become({ greet: { model: 'b' }, answer: () => chunkAnswer() })
    server.sockets[0]?.terminate()
    await until(() => server.sockets[0]?.readyState === 3)
    await new Promise((resolve) => setImmediate(resolve))
    let isEnded = false
    void policy.ended?.then(() => {
      isEnded = true
    })
    while (!isEnded) {
      timers.advance(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await policy.ended).toMatchObject({ code: 'policy/remote-protocol' })
    expect((await faultOf(policy.infer(observation))).code).toBe('policy/remote-unreachable')
  })
})
