/** From a page that captures to a policy that sees, over the contract in bytes: the real feed, ring and desk, no browser. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '#contract/rpc/connect.ts'
import { serve } from '#contract/rpc/serve.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import type { Client } from '#contract/rpc/types.ts'
import { foresightForRig, pictures, type Prediction } from '#contract/services/pictures.ts'
import { policyRunner } from '#contract/services/policy.ts'
import { decodeMessage, encodeMessage } from '#contract/transport/codec.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { FaultError, ok } from '#core/result.ts'
import { ForesightWatch } from '#host/policy/foresight/foresight-watch.ts'
import { PictureRing } from '#host/policy/pictures/picture-ring.ts'
import { pictureServices } from '#host/policy/pictures/picture-services.ts'
import { PolicyDesk } from '#host/policy/policy-desk.ts'
import type { Observation, Policy } from '#host/policy/policy.ts'
import { policyServices } from '#host/policy/policy-services.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { createLog } from '#host/shared/log.ts'
import { PictureFeed } from '#renderer/capture/picture-feed.ts'
import { files, policyShelf, rootModel, type PolicyShelf } from '../unit/host/policy/policy-folder.ts'

const side = 16
const policyId = 'own/seer'

/** One camera, called `top` by the policy; keeps what it is shown and foresees that nothing changes. */
const seer = (shown: Observation[]): Policy => ({
  contract: {
    fps: 30,
    chunkLength: 1,
    robotType: null,
    cameras: [{ name: 'top', width: side, height: side }],
    state: [],
    action: [],
    extras: [],
  },
  provider: 'cpu',
  precision: 'fp32',
  pictureNeed: { side, historyTicks: 15 },
  processIds: [],
  warmUp: async () => ok({ inferMs: 1 }),
  infer: async (observation) => {
    shown.push(observation)
    return ok({
      observationUs: observation.timeUs,
      actions: new Float32Array(1),
      length: 1,
      width: 1,
      inferMs: 1,
      seed: 1,
      isGuided: false,
      stagesMs: {},
      hidden: observation.pictures['top']?.planes ?? null,
    })
  },
  foresee: async (hidden) =>
    ok({
      horizonTicks: 15,
      views: [{ camera: 'top', picture: { width: side, height: side, planes: hidden } }],
      decodeMs: 1,
    }),
  [Symbol.asyncDispose]: async () => undefined,
})

/** Only counted: what it shows is told by the test. */
const frame = { clone: () => frame, close: () => undefined } as unknown as VideoFrame

/** What a socket does to messages. */
const inBytes = (transport: Transport): Transport => ({
  ...transport,
  post: (message) => transport.post(decodeMessage(encodeMessage(message))),
})

const tickUs = (tick: number): number => Math.round((tick * 1e6) / 30)

describe('live pictures', () => {
  let shelf: PolicyShelf
  let scope: AsyncDisposableStack
  let ring: PictureRing
  let shown: Observation[]
  let asked: Client<typeof pictures>
  let runner: Client<typeof policyRunner>
  let rig: Client<typeof foresightForRig>
  let feed: PictureFeed
  let level: number
  let onDemand: () => void

  beforeEach(async () => {
    shelf = await policyShelf()
    await shelf.put('own', 'seer', files(rootModel()))
    scope = new AsyncDisposableStack()
    scope.use(shelf)
    shown = []
    onDemand = () => undefined
    ring = new PictureRing(8)
    const foresight = scope.use(new ForesightWatch(ring))
    const providers = new ProviderDesk([])
    let nowUs = 0
    const desk = scope.use(
      new PolicyDesk({
        folders: shelf,
        settingsDir: join(shelf.root, 'policy-settings'),
        clock: () => (nowUs += 1000),
        providers,
        log: createLog(),
        pictures: ring,
        foresight,
        later: () => ({ [Symbol.dispose]: () => undefined }),
        open: async () => ok(seer(shown)),
      }),
    )
    await desk.configure(policyId, { ...(await desk.settings(policyId)), cameras: { top: 'front' } })
    const [page, host] = memoryPair()
    const seen = pictureServices(ring, foresight, () => nowUs)
    const { forRig } = policyServices(desk, providers)
    scope.use(serve([seen.forPages, seen.forRig, forRig], inBytes(host), 'page'))
    const connection = scope.use(connect(inBytes(page)))
    await connection.ready
    asked = connection.client(pictures)
    runner = connection.client(policyRunner)
    rig = connection.client(foresightForRig)
    feed = scope.use(
      new PictureFeed({
        follow: (listener, onEnd) => asked.demand(null, listener, onEnd),
        openSink: () => asked.put(null),
        onDemand: () => onDemand(),
        read: async () => ({
          width: side,
          height: side,
          data: Uint8Array.from({ length: 3 * side * side }, (_, i) => (i % 9 === 0 ? level : 10)),
        }),
      }),
    )
  })
  afterEach(() => scope.disposeAsync())

  /** Loads the policy and waits until the page knows what it wants. */
  async function load(): Promise<void> {
    const told = new Promise<void>((resolve) => {
      onDemand = () => {
        if (feed.fps > 0) resolve()
      }
    })
    await runner.load({ policyId })
    await told
  }

  /** The camera shows `value` at a tick; resolves when the policy host has the picture. */
  async function show(tick: number, value: number): Promise<void> {
    level = value
    const come = Promise.withResolvers<void>()
    using _ring = ring.onPictures((taken) => {
      if (taken.some(({ captureUs }) => captureUs === tickUs(tick))) come.resolve()
    })
    feed.offer('front', { frame, captureUs: tickUs(tick), uncertaintyUs: 100 })
    await come.promise
    // The acknowledgement must be back before the page sends the next.
    await asked.ages()
  }

  const infer = (tick: number) =>
    runner.infer({
      policyId,
      timeUs: tickUs(tick) + 1000,
      state: new Float32Array(0),
      extras: {},
      task: 'pick up the cube',
      guide: null,
    })

  const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof FaultError ? error.fault : error),
    )

  it('reach the policy: what is, and what was fifteen ticks ago', async () => {
    await load()
    for (let tick = 0; tick <= 20; tick++) await show(tick, tick)
    const chunk = await infer(20)
    expect(chunk.stagesMs['captureAge']).toBeCloseTo(1, 3)
    expect(shown[0]?.pictures['top']?.planes[0]).toBeCloseTo(20 / 255, 5)
    expect(shown[0]?.past['top']?.planes[0]).toBeCloseTo(5 / 255, 5)
  })

  it('that stop are a fault that names the camera, and no chunk', async () => {
    await load()
    expect(await faultOf(infer(0))).toMatchObject({
      code: 'policy/pictures-stopped',
      data: { camera: 'front' },
    })
    for (let tick = 0; tick <= 3; tick++) await show(tick, tick)
    await infer(3)
    expect(await faultOf(infer(30))).toMatchObject({
      code: 'policy/pictures-stopped',
      data: { camera: 'front', ageMs: 901 },
    })
    expect(shown).toHaveLength(1)
    await show(30, 1)
    await infer(30)
    expect(shown).toHaveLength(2)
  })

  it('are compared with what was foreseen; page and rig host are told', async () => {
    const foreseen = Promise.withResolvers<Prediction>()
    const compared = Promise.withResolvers<number>()
    using _predictions = asked.predictions(null, (prediction) => foreseen.resolve(prediction))
    using _surprises = rig.surprises(null, ({ score, observationUs }) => {
      if (observationUs === tickUs(3) + 1000) compared.resolve(score)
    })
    await load()
    for (let tick = 0; tick <= 3; tick++) await show(tick, 200)
    await infer(3)
    const prediction = await foreseen.promise
    expect(prediction.dueUs).toBe(tickUs(3) + 1000 + 500_000)
    expect([...(prediction.views[0]?.rgb.subarray(0, 4) ?? [])]).toEqual([200, 10, 10, 10])
    for (let tick = 4; tick <= 19; tick++) await show(tick, 200)
    expect(await compared.promise).toBeLessThan(0.01)
  })
})
