import { beforeEach, describe, expect, it } from 'vitest'
import { so101Follower } from '#core/arm/so101-profile.ts'
import type { ChunkReply } from '#core/control/chunk.ts'
import { analyticReachManifest } from '#core/policy/analytic-reach.ts'
import type { RigContract } from '#core/policy/contract-check.ts'
import { contractOf } from '#core/policy/manifest.ts'
import { FaultError, type Fault } from '#core/result.ts'
import { connect } from '#contract/rpc/connect.ts'
import { implement, serve } from '#contract/rpc/serve.ts'
import type { StreamEmitter } from '#contract/rpc/types.ts'
import {
  policyRunner,
  type ChunkMessage,
  type ObservationMessage,
  type PolicyEntry,
  type PolicySettings,
  type PolicyState,
} from '#contract/services/policy.ts'
import { memoryPair } from '#contract/transport/memory.ts'
import { PolicyLink } from '#host/rig/policy/policy-link.ts'

const contract = contractOf(analyticReachManifest)
const defaultSettings: PolicySettings = {
  provider: 'auto',
  precision: 'auto',
  cameras: {},
  joints: {},
  robot: null,
  hasForesight: true,
  surpriseThreshold: 0.2,
  seed: null,
}
const entry: PolicyEntry = {
  id: 'reach',
  name: 'Reach',
  kind: 'onnx',
  description: '',
  isLearned: false,
  license: null,
  path: '/p',
  contract: JSON.parse(JSON.stringify(contract)),
  fault: null,
}
const rigContract: RigContract = {
  robotType: 'so_follower',
  fps: 30,
  cameras: [],
  state: contract.state,
  action: contract.action,
  extras: contract.extras,
}

/** A policy host in the same process; a test scripts what it answers. */
class FakeHost {
  isListening = true
  loads: string[] = []
  observations: ObservationMessage[] = []
  aborted = 0
  opened = 0
  loadFault: Fault | null = null
  answer: (observation: ObservationMessage) => Promise<ChunkMessage> = async () => chunk(50)
  entry = entry
  private states: StreamEmitter<PolicyState>[] = []
  private close: () => void = () => undefined

  open = async () => {
    if (!this.isListening) throw new Error('ECONNREFUSED')
    this.opened++
    const [ours, theirs] = memoryPair()
    this.close = () => theirs.close()
    serve(
      [
        implement(policyRunner, {
          load: async ({ policyId }) => {
            this.loads.push(policyId)
            if (this.loadFault !== null) throw new FaultError(this.loadFault)
            return { ...this.entry, id: policyId }
          },
          settings: () => Promise.resolve(defaultSettings),
          infer: (observation, { signal }) => {
            this.observations.push(observation)
            signal.addEventListener('abort', () => this.aborted++)
            return this.answer(observation)
          },
          state: (_, emitter) => {
            this.states.push(emitter)
            return { [Symbol.dispose]: () => undefined }
          },
        }),
      ],
      theirs,
      'rig',
    )
    return connect(ours)
  }

  publish(status: PolicyState['status'], id: string): void {
    const loaded = { ...entry, id }
    for (const emitter of this.states) {
      void emitter.emit({
        loaded,
        status,
        provider: 'cpu',
        precision: null,
        stages: {},
        fault: null,
        latency: null,
        residentMemoryMb: null,
      })
    }
  }

  die(): void {
    this.isListening = false
    this.close()
  }
}

const chunk = (width: number): ChunkMessage => ({
  chunkId: 1,
  observationUs: 5,
  actions: Float32Array.from({ length: width * 6 }, (_, index) => (index % 6 === 5 ? 50 : 90)),
  length: width,
  width: 6,
  inferMs: 1,
  seed: null,
  isGuided: false,
  stagesMs: {},
})

const settle = () => new Promise((resolve) => setImmediate(resolve))
const observation = {
  id: 7,
  timeUs: 5,
  position: [Math.PI / 2, 0, 0, 0, 0, 0.25],
  commanded: [0, 0, 0, 0, 0, 0],
  leftOver: null,
}

let host: FakeHost
let link: PolicyLink
let extra: number[] | null
let timers: (() => void)[]
beforeEach(() => {
  host = new FakeHost()
  extra = [0.2, 0.1, 0.0125]
  timers = []
  link = makeLink(rigContract)
})

const makeLink = (offered: RigContract): PolicyLink =>
  new PolicyLink(
    {
      profile: so101Follower,
      calibration: null,
      contract: () => offered,
      extra: () => extra,
      task: () => 'put the cube away',
    },
    {
      open: host.open,
      later: (callback) => {
        timers.push(callback)
        return { [Symbol.dispose]: () => (timers = timers.filter((timer) => timer !== callback)) }
      },
    },
  )

async function ask(): Promise<readonly ChunkReply[]> {
  link.request(observation)
  await settle()
  return link.poll()
}

describe('selecting a policy', () => {
  it('loads it and is ready when it fits', async () => {
    expect(link.faults()).toMatchObject([{ code: 'policy/not-ready' }])
    expect(await link.select('reach')).toMatchObject({ ok: true, value: { id: 'reach' } })
    expect(link.faults()).toEqual([])
    expect(link.entry?.id).toBe('reach')
  })

  it('is refused when the policy does not fit the rig, naming the lines', async () => {
    link = makeLink({ ...rigContract, extras: [], robotType: 'koch_follower' })
    const mismatch = {
      code: 'policy/contract-mismatch',
      data: { lines: ['robotType', 'extra.sim.red_cube_m'] },
    }
    expect(await link.select('reach')).toMatchObject({ ok: false, error: mismatch })
    expect(link.faults()).toMatchObject([mismatch])
    expect(await ask()).toMatchObject([{ id: 7, result: { ok: false, error: mismatch } }])
    expect(host.observations).toEqual([])
  })

  it('passes on why a policy cannot be loaded', async () => {
    host.loadFault = { code: 'policy/not-onnx', message: 'no' }
    await link.select('reach')
    expect(link.faults()).toMatchObject([{ code: 'policy/not-onnx' }])
  })

  it('refuses a unit it does not know', async () => {
    host.entry = {
      ...entry,
      contract: {
        ...contract,
        cameras: [],
        extras: [],
        state: [{ name: 'a.pos', unit: 'gradians' }],
        action: [],
      },
    }
    expect(await link.select('reach')).toMatchObject({ ok: false, error: { code: 'policy/bad-manifest' } })
  })

  it('goes by the last choice when two overlap', async () => {
    const first = link.select('one')
    const second = link.select('two')
    expect(await first).toMatchObject({ ok: false, error: { code: 'contract/cancelled' } })
    expect(await second).toMatchObject({ ok: true, value: { id: 'two' } })
    expect(link.entry?.id).toBe('two')
    expect(host.opened).toBe(1)
    expect(link.faults()).toEqual([])
  })

  it('lets go with null', async () => {
    await link.select('reach')
    expect(await link.select(null)).toEqual({ ok: true, value: null })
    expect(link.faults()).toMatchObject([{ code: 'policy/not-ready' }])
  })
})

describe('asking for a chunk', () => {
  beforeEach(() => link.select('reach'))

  it('sends state and extras in the policy’s units and converts the answer back', async () => {
    const [reply] = await ask()
    expect(host.observations[0]).toMatchObject({ policyId: 'reach', timeUs: 5 })
    expect(Array.from(host.observations[0]?.state ?? [])).toEqual([90, 0, 0, 0, 0, 25])
    expect(Array.from(host.observations[0]?.extras['sim.red_cube_m'] ?? [])).toEqual(
      [0.2, 0.1, 0.0125].map(Math.fround),
    )
    expect(reply?.id).toBe(7)
    if (reply?.result.ok !== true) throw new Error('a chunk expected')
    expect(reply.result.value.stepUs).toBeCloseTo(1e6 / 30, 6)
    expect(reply.result.value.steps).toHaveLength(50)
    expect(reply.result.value.steps[49]).toEqual([
      ...Array<unknown>(5).fill(expect.closeTo(Math.PI / 2, 9)),
      0.5,
    ])
    expect(link.poll()).toEqual([])
  })

  it('answers with the policy’s own fault', async () => {
    host.answer = async () => {
      throw new FaultError({ code: 'policy/not-finite', message: 'NaN' })
    }
    expect(await ask()).toMatchObject([{ result: { ok: false, error: { code: 'policy/not-finite' } } }])
  })

  it('asks nothing while an extra is unknown', async () => {
    extra = null
    expect(await ask()).toMatchObject([
      { result: { ok: false, error: { code: 'policy/not-ready', data: { extra: 'sim.red_cube_m' } } } },
    ])
    expect(host.observations).toEqual([])
  })

  it('tells the policy host when nobody waits any more, and gives no answer', async () => {
    host.answer = () => new Promise(() => undefined)
    await ask()
    link.cancel()
    await settle()
    expect(host.aborted).toBe(1)
    expect(link.poll()).toEqual([])
  })

  it('is not ready any more when another policy was loaded in its place', async () => {
    host.publish('warm', 'reach')
    await settle()
    expect(link.faults()).toEqual([])
    host.publish('warm', 'other')
    await settle()
    expect(link.faults()).toMatchObject([{ code: 'policy/not-ready' }])
    expect(await ask()).toMatchObject([{ result: { ok: false } }])
  })
})

describe('when the policy host dies', () => {
  it('says so at once, and loads the policy again when the host is back', async () => {
    await link.select('reach')
    host.die()
    await settle()
    expect(link.faults()).toMatchObject([{ code: 'policy/host-down' }])
    expect(timers).toHaveLength(1)
    timers.shift()?.()
    await settle()
    expect(link.faults()).toMatchObject([{ code: 'policy/host-down' }])
    host.isListening = true
    timers.shift()?.()
    await settle()
    expect(link.faults()).toEqual([])
    expect(host.loads).toEqual(['reach', 'reach'])
  })

  it('answers the chunk that was under way with a failure', async () => {
    await link.select('reach')
    host.answer = () => new Promise(() => undefined)
    link.request(observation)
    await settle()
    host.die()
    await settle()
    expect(link.poll()).toMatchObject([{ id: 7, result: { ok: false, error: { code: 'policy/host-down' } } }])
  })

  it('does not come back for a rig that is gone', async () => {
    await link.select('reach')
    link[Symbol.dispose]()
    await settle()
    expect(timers).toHaveLength(0)
  })
})
