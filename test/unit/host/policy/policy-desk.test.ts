import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FaultError } from '#core/result.ts'
import type { ObservationMessage, PolicyState } from '#contract/services/policy.ts'
import { PolicyDesk } from '#host/policy/policy-desk.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { createLog } from '#host/shared/log.ts'
import {
  files,
  length,
  manifest,
  nanModel,
  offsetModel,
  policyShelf,
  rootModel,
  width,
  type PolicyShelf,
} from './policy-folder.ts'

let shelf: PolicyShelf
let desk: PolicyDesk
let nowUs = 0
beforeEach(async () => {
  shelf = await policyShelf()
  nowUs = 0
  desk = new PolicyDesk({
    folders: shelf,
    settingsDir: join(shelf.root, 'policy-settings'),
    clock: () => (nowUs += 1000),
    providers: new ProviderDesk([]),
    log: createLog(),
    pictures: null,
    foresight: null,
    later: () => ({ [Symbol.dispose]: () => undefined }),
  })
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await shelf[Symbol.asyncDispose]()
})

const observe = (policyId: string, state: readonly number[] = [10, 50]): ObservationMessage => ({
  policyId,
  timeUs: 123,
  state: Float32Array.from(state),
  extras: {},
  task: '',
  guide: null,
})
const infer = (policyId: string, state?: readonly number[]) =>
  desk.infer(observe(policyId, state), new AbortController().signal)

/** The fault a promise rejects with. */
const faultOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no fault',
    (error: unknown) => (error instanceof FaultError ? error.fault : error),
  )

describe('the list of policies', () => {
  it('holds shipped and own policies, whatever is wrong with them', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    await shelf.put('own', 'good', files(offsetModel(1), { name: 'Mine' }))
    await shelf.put('own', 'broken', { 'manifest.json': '{' })
    await shelf.put('own', 'empty', {})
    await shelf.put('own', 'no-model', { 'manifest.json': JSON.stringify(manifest) })
    const list = await desk.list()
    expect(list.map(({ id, name, fault }) => [id, name, fault?.code ?? null])).toEqual([
      ['good', 'Test policy', null],
      ['own/broken', 'own/broken', 'policy/bad-manifest'],
      ['own/empty', 'own/empty', 'policy/not-found'],
      ['own/good', 'Mine', null],
      ['own/no-model', 'own/no-model', 'policy/not-onnx'],
    ])
    expect(list[0]?.contract).toMatchObject({ fps: 10, chunkLength: length, robotType: 'test_arm' })
  })

  it('is empty where there are no folders', async () => {
    expect(await desk.list()).toEqual([])
  })
})

describe('loading', () => {
  it('goes through loading and warming to warm, and says where it computes', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    const seen: PolicyState['status'][] = []
    using _ = desk.follow(({ status }) => seen.push(status))
    expect(await desk.load('good')).toMatchObject({ id: 'good', fault: null })
    expect(seen).toEqual(['none', 'none', 'loading', 'warming', 'warm'])
    expect(desk.state()).toMatchObject({ status: 'warm', provider: 'cpu', latency: null })
    expect(desk.state().residentMemoryMb).toBeGreaterThan(1)
  })

  it.each<[string, Readonly<Record<string, string | Uint8Array>>, string, string]>([
    [
      'text instead of a model',
      files(new TextEncoder().encode('no model')),
      'policy/not-onnx',
      'not an ONNX model',
    ],
    ['a truncated model', files(offsetModel(0).slice(0, 200)), 'policy/not-onnx', 'not an ONNX model'],
    [
      'a state of another size',
      files(offsetModel(0), { inputs: [{ source: 'observation.state', tensor: 'state', shape: [2, 1] }] }),
      'policy/wrong-shape',
      'input state is [1, 2], the manifest says [2, 1]',
    ],
    [
      'an output of another name',
      files(offsetModel(0), { output: { tensor: 'actions', shape: [1, length, width] } }),
      'policy/wrong-shape',
      'the model has no output actions, only action',
    ],
    [
      'an output of another shape',
      files(offsetModel(0), { output: { tensor: 'action', shape: [length, width] } }),
      'policy/wrong-shape',
      'output action is [1, 4, 2]',
    ],
    ['NaN from the first run', files(nanModel()), 'policy/not-finite', 'a.pos at step 0 is NaN'],
    ['numbers that are no degrees', files(offsetModel(5000)), 'policy/out-of-range', '5000 degrees'],
  ])('refuses %s, and the list remembers why', async (_, content, code, text) => {
    await shelf.put('own', 'bad', content)
    expect(await faultOf(desk.load('own/bad'))).toMatchObject({
      code,
      message: expect.stringContaining(text),
    })
    expect(desk.state()).toMatchObject({ status: 'failed', fault: { code } })
    expect((await desk.list())[0]?.fault).toMatchObject({ code })
    expect(await faultOf(infer('own/bad'))).toMatchObject({ code: 'policy/not-ready' })
  })

  it('refuses a policy that is not there', async () => {
    expect(await faultOf(desk.load('ghost'))).toMatchObject({
      code: 'policy/not-found',
      data: { policyId: 'ghost' },
    })
  })

  it('keeps no fault of a policy that was mended', async () => {
    await shelf.put('own', 'p', files(nanModel()))
    await faultOf(desk.load('own/p'))
    await shelf.put('own', 'p', files(offsetModel(0)))
    await desk.load('own/p')
    expect((await desk.list())[0]?.fault).toBeNull()
  })

  it('leaves a warm policy as it is when it is asked for again', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    await desk.load('good')
    const seen: PolicyState['status'][] = []
    using _ = desk.follow(({ status }) => seen.push(status))
    await desk.load('good')
    expect(seen).toEqual(['warm'])
  })
})

describe('inferring', () => {
  it('answers with the chunk, the time of its observation, and a number that rises', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(1)))
    await desk.load('good')
    const chunk = await infer('good')
    expect(chunk).toMatchObject({ chunkId: 1, observationUs: 123, length, width })
    expect(Array.from(chunk.actions)).toEqual([11, 51, 11, 51, 11, 51, 11, 51])
    expect((await infer('good')).chunkId).toBe(2)
    expect(desk.state().latency).toMatchObject({ count: 2 })
  })

  it('refuses a question meant for another policy', async () => {
    await shelf.put('shipped', 'one', files(offsetModel(0)))
    await desk.load('one')
    expect(await faultOf(infer('two'))).toMatchObject({ code: 'policy/not-ready', data: { policyId: 'two' } })
  })

  it('refuses a state of the wrong size or with NaN', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    await desk.load('good')
    expect(await faultOf(infer('good', [1, 2, 3]))).toMatchObject({ code: 'policy/wrong-shape' })
    expect(await faultOf(infer('good', [1, Number.NaN]))).toMatchObject({ code: 'policy/not-finite' })
    expect(desk.state()).toMatchObject({ status: 'warm', fault: { code: 'policy/not-finite' } })
    await infer('good')
    expect(desk.state().fault).toBeNull()
  })

  it('lets no NaN out that comes later than the warm-up', async () => {
    await shelf.put('shipped', 'later', files(rootModel()))
    await desk.load('later')
    expect(await faultOf(infer('later', [-1, 0]))).toMatchObject({
      code: 'policy/not-finite',
      data: { step: 0, channel: 'a.pos' },
    })
  })

  it('does not compute what nobody waits for', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    await desk.load('good')
    const gone = new AbortController()
    gone.abort()
    expect(await faultOf(desk.infer(observe('good'), gone.signal))).toMatchObject({
      code: 'contract/cancelled',
    })
    expect(desk.state().latency).toBeNull()
  })

  it('takes its turn behind a load that was asked for before', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    const [, chunk] = await Promise.all([desk.load('good'), infer('good')])
    expect(chunk.chunkId).toBe(1)
  })

  it('ends with the policy', async () => {
    await shelf.put('shipped', 'good', files(offsetModel(0)))
    await desk.load('good')
    await desk.unload()
    expect(desk.state()).toMatchObject({ status: 'none', loaded: null, provider: null })
    expect(await faultOf(infer('good'))).toMatchObject({ code: 'policy/not-ready' })
  })
})
