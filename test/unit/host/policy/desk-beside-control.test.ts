/** What the desk does besides loading and inferring: settings, pictures, foresight, measuring, predicting. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { fail, FaultError, ok, type Fault, type Result } from '#core/result.ts'
import type { PolicyState } from '#contract/services/policy.ts'
import type { ForesightNote } from '#host/policy/foresight-sink.ts'
import type { OpenPolicyOptions } from '#host/policy/open-policy.ts'
import type { PictureWish, SeenPictures } from '#host/policy/picture-source.ts'
import type { Observation, Picture, Policy, PolicyChunk, PolicyForesight } from '#host/policy/policy.ts'
import { PolicyDesk } from '#host/policy/policy-desk.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'
import { createLog } from '#host/shared/log.ts'
import { files, manifest, offsetModel, policyShelf, type PolicyShelf } from './policy-folder.ts'

const contract: PolicyContract = {
  ...manifest,
  cameras: [
    { name: 'front', width: 8, height: 6 },
    { name: 'wrist', width: 8, height: 6 },
  ],
}
const grey = (side: number): Picture => ({
  width: side,
  height: side,
  planes: new Float32Array(3 * side * side).fill(0.5),
})

/** A policy that sees: counts what it is asked, and foresees when told to. */
class SeeingPolicy implements Policy {
  readonly contract = contract
  readonly provider = 'cpu'
  readonly precision = 'fp32' as const
  readonly pictureNeed = { side: 4, historyTicks: 15 }
  readonly processIds = []
  readonly asked: Observation[] = []
  readonly ended: Promise<Fault>
  die: (fault: Fault) => void = () => undefined
  isDisposed = false
  readonly foresee: Policy['foresee']

  constructor(foresight: Promise<Result<PolicyForesight>> | null) {
    this.ended = new Promise((resolve) => {
      this.die = resolve
    })
    this.foresee = foresight === null ? null : () => foresight
  }

  async warmUp() {
    return ok({ inferMs: 1 })
  }

  async infer(observation: Observation): Promise<Result<PolicyChunk>> {
    this.asked.push(observation)
    return ok({
      observationUs: observation.timeUs,
      actions: new Float32Array(8).fill(1),
      length: 4,
      width: 2,
      inferMs: 12,
      seed: observation.seed ?? 99,
      isGuided: observation.guide !== null,
      stagesMs: { preprocess: 2, infer: 10 },
      hidden: this.foresee === null ? null : new Float32Array(4),
    })
  }

  async [Symbol.asyncDispose]() {
    this.isDisposed = true
  }
}

let shelf: PolicyShelf
let desk: PolicyDesk
let policies: SeeingPolicy[]
let opened: OpenPolicyOptions[]
let wishes: (PictureWish | null)[]
let seen: Result<SeenPictures>
let notes: ForesightNote[]
let decoding: PromiseWithResolvers<Result<PolicyForesight>>
let nowUs: number

beforeEach(async () => {
  shelf = await policyShelf()
  await shelf.put('shipped', 'sees', files(offsetModel(0)))
  await shelf.put('shipped', 'other', files(offsetModel(0)))
  policies = []
  opened = []
  wishes = []
  notes = []
  nowUs = 0
  decoding = Promise.withResolvers()
  seen = ok({ present: { front: grey(4) }, past: { front: grey(4) }, ageMs: 33 })
  desk = new PolicyDesk({
    folders: shelf,
    settingsDir: join(shelf.root, 'settings'),
    providers: new ProviderDesk([]),
    clock: () => (nowUs += 1000),
    log: createLog(),
    pictures: { wish: (wish) => void wishes.push(wish), at: () => seen },
    foresight: { predicted: (note) => void notes.push(note) },
    later: () => ({ [Symbol.dispose]: () => undefined }),
    open: async (_stored, options) => {
      opened.push(options)
      const policy = new SeeingPolicy(options.settings.hasForesight ? decoding.promise : null)
      policies.push(policy)
      return ok(policy)
    },
  })
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await shelf[Symbol.asyncDispose]()
})

const never = new AbortController().signal
const infer = () =>
  desk.infer(
    { policyId: 'sees', timeUs: 500, state: Float32Array.of(1, 2), extras: {}, task: 't', guide: null },
    never,
  )
const faultOf = (work: Promise<unknown>): Promise<Fault> =>
  work.then(
    () => {
      throw new Error('no fault')
    },
    (error: unknown) => {
      if (error instanceof FaultError) return error.fault
      throw error
    },
  )

describe('settings', () => {
  it('are the defaults until a person chooses, and stay chosen', async () => {
    expect(await desk.settings('sees')).toEqual(defaultPolicySettings)
    const chosen = { ...defaultPolicySettings, seed: 5 }
    await desk.configure('sees', chosen)
    expect(await desk.settings('sees')).toEqual(chosen)
    expect(await faultOf(desk.configure('ghost', chosen))).toMatchObject({ code: 'policy/not-found' })
  })

  it('of the loaded policy count at once; only those fixed at its opening load it again', async () => {
    await desk.load('sees')
    await desk.configure('sees', {
      ...defaultPolicySettings,
      seed: 5,
      cameras: { front: 'top', wrist: null },
    })
    expect(policies).toHaveLength(1)
    expect((await infer()).seed).toBe(5)
    expect(wishes.at(-1)?.cameras).toEqual({ front: 'top' })
    const seenStatuses: PolicyState['status'][] = []
    using _ = desk.follow(({ status }) => seenStatuses.push(status))
    await desk.configure('sees', { ...defaultPolicySettings, precision: 'fp16' })
    expect(policies).toHaveLength(2)
    expect(policies[0]?.isDisposed).toBe(true)
    expect(opened[1]?.settings.precision).toBe('fp16')
    expect(seenStatuses).toContain('loading')
    expect(desk.state().status).toBe('warm')
  })

  it('of another policy leave the loaded one alone', async () => {
    await desk.load('sees')
    await desk.configure('other', { ...defaultPolicySettings, precision: 'int8' })
    expect(policies).toHaveLength(1)
  })
})

describe('pictures', () => {
  it('are wished for while the policy is loaded, and not afterwards', async () => {
    await desk.load('sees')
    expect(wishes.at(-1)).toEqual({
      policyId: 'sees',
      need: { side: 4, historyTicks: 15 },
      fps: 10,
      cameras: { front: 'front', wrist: 'wrist' },
    })
    await desk.unload()
    expect(wishes.at(-1)).toBeNull()
  })

  it('of the observation’s moment go to the policy, and their age into the chunk', async () => {
    await desk.load('sees')
    const chunk = await infer()
    expect(policies[0]?.asked.at(-1)?.pictures).toEqual({ front: grey(4) })
    expect(chunk.stagesMs).toMatchObject({ captureAge: 33, preprocess: 2, infer: 10 })
    expect(desk.state().stages).toMatchObject({
      infer: { count: 1 },
      preprocess: { count: 1 },
      queue: { count: 1 },
    })
  })

  it('that have not come yet, just after loading, are no fault of the policy', async () => {
    await desk.load('sees')
    seen = fail('policy/pictures-stopped', 'no picture of front has come', { camera: 'front' })
    expect(await faultOf(infer())).toMatchObject({ code: 'policy/pictures-stopped' })
    expect(desk.state()).toMatchObject({ status: 'warm', fault: null })
  })

  it('that stop once they came are a fault at once', async () => {
    await desk.load('sees')
    await infer()
    seen = fail('policy/pictures-stopped', 'front has stopped', { camera: 'front' })
    await faultOf(infer())
    expect(desk.state().fault?.code).toBe('policy/pictures-stopped')
  })

  it('that stopped are a fault, and the policy is not asked', async () => {
    await desk.load('sees')
    nowUs += 10_000_000
    seen = fail('policy/pictures-stopped', 'front has stopped', { camera: 'front' })
    expect(await faultOf(infer())).toMatchObject({
      code: 'policy/pictures-stopped',
      data: { camera: 'front' },
    })
    expect(policies[0]?.asked).toHaveLength(0)
    expect(desk.state()).toMatchObject({ status: 'warm', fault: { code: 'policy/pictures-stopped' } })
  })
})

describe('foresight', () => {
  const foreseen: PolicyForesight = {
    horizonTicks: 15,
    views: [{ camera: 'front', picture: grey(2) }],
    decodeMs: 40,
  }

  it('is decoded beside the chunks, which never wait for it', async () => {
    await desk.load('sees')
    const first = await infer()
    await infer()
    expect(notes).toEqual([])
    decoding.resolve(ok(foreseen))
    await new Promise((resolve) => setImmediate(resolve))
    // The second chunk came while the first was decoded and is left out.
    expect(notes).toMatchObject([{ policyId: 'sees', chunkId: first.chunkId, observationUs: 500, fps: 10 }])
    expect(desk.state().stages).toMatchObject({ foresight: { p50Ms: 40 } })
  })

  it('that fails costs no chunk', async () => {
    await desk.load('sees')
    decoding.resolve(fail('policy/runner-died', 'gone'))
    await infer()
    await new Promise((resolve) => setImmediate(resolve))
    expect(notes).toEqual([])
    expect((await infer()).chunkId).toBe(2)
  })

  it('is not decoded when a person switched it off', async () => {
    await desk.configure('sees', { ...defaultPolicySettings, hasForesight: false })
    await desk.load('sees')
    await infer()
    expect(policies[0]?.foresee).toBeNull()
    expect(notes).toEqual([])
  })
})

describe('measuring', () => {
  it('runs the loaded policy on neutral input, stage by stage', async () => {
    decoding.resolve(ok({ horizonTicks: 15, views: [], decodeMs: 7 }))
    await desk.load('sees')
    const { provider, stages } = await desk.bench('sees', 3, never)
    expect(provider).toBe('cpu')
    expect(stages).toEqual({
      preprocess: Float64Array.of(2, 2, 2),
      infer: Float64Array.of(10, 10, 10),
      total: Float64Array.of(12, 12, 12),
      foresight: Float64Array.of(7, 7, 7),
    })
    expect(await faultOf(desk.bench('other', 1, never))).toMatchObject({ code: 'policy/not-ready' })
  })

  it('ends when nobody waits any more', async () => {
    await desk.load('sees')
    const gone = new AbortController()
    gone.abort()
    expect(await faultOf(desk.bench('sees', 3, gone.signal))).toMatchObject({ code: 'contract/cancelled' })
  })
})

describe('predicting outside control', () => {
  const rgb = (width: number, height: number) => new Uint8Array(3 * width * height).fill(51)
  const question = {
    policyId: 'sees',
    state: Float32Array.of(1, 2),
    extras: {},
    past: [],
    present: [{ camera: 'front', timeUs: 0, width: 8, height: 6, rgb: rgb(8, 6) }],
    task: 'look',
    seed: 3,
    hasForesight: true,
  }

  it('takes pictures of any size, and answers with actions and predicted pictures', async () => {
    decoding.resolve(ok({ horizonTicks: 15, views: [{ camera: 'front', picture: grey(2) }], decodeMs: 7 }))
    await desk.load('sees')
    const answer = await desk.predict(question, never)
    const picture = policies[0]?.asked.at(-1)?.pictures['front']
    expect(picture).toMatchObject({ width: 4, height: 4 })
    expect(picture?.planes[4]).toBeCloseTo(0.2)
    expect(answer).toMatchObject({ length: 4, width: 2, stagesMs: { foresight: 7 } })
    expect(answer.foresight[0]).toMatchObject({ camera: 'front', width: 2, height: 2 })
    expect([...(answer.foresight[0]?.rgb ?? [])]).toEqual(Array<number>(12).fill(128))
  })

  it('refuses pictures that are none, or of a camera that the policy has not', async () => {
    await desk.load('sees')
    const broken = {
      ...question,
      present: [{ camera: 'front', timeUs: 0, width: 8, height: 6, rgb: rgb(2, 2) }],
    }
    const foreign = {
      ...question,
      present: [{ camera: 'top', timeUs: 0, width: 8, height: 6, rgb: rgb(8, 6) }],
    }
    for (const asked of [broken, foreign])
      expect(await faultOf(desk.predict(asked, never))).toMatchObject({ code: 'policy/wrong-shape' })
  })
})

describe('a process that dies between two questions', () => {
  it('is noticed at once', async () => {
    await desk.load('sees')
    policies[0]?.die({ code: 'policy/runner-died', message: 'SIGSEGV' })
    await expect.poll(() => desk.state().status).toBe('failed')
    expect(desk.state().fault).toMatchObject({ code: 'policy/runner-died' })
    expect(wishes.at(-1)).toBeNull()
    expect(await faultOf(infer())).toMatchObject({ code: 'policy/not-ready' })
  })
})
