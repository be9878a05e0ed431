/** The policy host as a process of its own, reached as the rig host reaches it, with the executor following its chunks. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { toolPose } from '#core/arm/kinematics.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { ChunkExecutor, defaultChunkExecutorOptions } from '#core/control/chunk-executor.ts'
import type { ChunkRequester } from '#core/control/chunk.ts'
import { analyticReach, analyticReachManifest } from '#core/policy/analytic-reach.ts'
import type { RigContract } from '#core/policy/contract-check.ts'
import { contractOf } from '#core/policy/manifest.ts'
import { connect } from '#contract/rpc/connect.ts'
import { createMux } from '#contract/rpc/mux.ts'
import { processTransport } from '#contract/transport/process.ts'
import { mainPeer } from '#host/shared/run-host.ts'
import { socketPath } from '#host/shared/host-options.ts'
import { connectLocalSocket } from '#host/shared/local-socket.ts'
import type { WorldPose } from '#contract/services/sim.ts'
import { createPolicyDriver } from '#host/rig/policy/policy-driver.ts'
import { PolicyLink } from '#host/rig/policy/policy-link.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const contract = contractOf(analyticReachManifest)
const offered: RigContract = {
  robotType: 'so_follower',
  fps: 30,
  cameras: [],
  state: contract.state,
  action: contract.action,
  extras: contract.extras,
}
const cubeM = [0.235, 0.055, 0.0125] as const
const tickUs = 5000

let dir: string
let host: ChildProcess
let link: PolicyLink
let timers: (() => void)[]

async function startHost(): Promise<void> {
  const options = { dataDir: join(dir, 'data'), socketDir: dir, resourcesDir: join(root, 'resources') }
  host = fork(join(root, 'src/host/policy/main.ts'), [JSON.stringify(options)], {
    execPath: process.execPath,
    serialization: 'advanced',
  })
  await connect(createMux(processTransport(host)).open(mainPeer)).ready
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'policy-host-'))
  timers = []
  await startHost()
  link = new PolicyLink(
    {
      profile: so101Follower,
      calibration: null,
      contract: () => offered,
      task: () => '',
      extra: (name) => (name === 'sim.red_cube_m' ? cubeM : null),
    },
    {
      open: () => connectLocalSocket(socketPath(dir, 'policy')),
      later: (callback) => {
        timers.push(callback)
        return { [Symbol.dispose]: () => undefined }
      },
    },
  )
})

afterEach(async () => {
  link[Symbol.dispose]()
  const gone = host.exitCode === null && host.signalCode === null ? once(host, 'exit') : null
  host.disconnect()
  await gone
  await rm(dir, { recursive: true, force: true })
})

const breathe = () => new Promise((resolve) => setImmediate(resolve))

/** The link, and a promise of the answer that is under way, so that the test's clock can wait for it. */
function patient(link: PolicyLink): { requester: ChunkRequester; answered: () => Promise<void> } {
  let waiting = false
  let kept: ReturnType<ChunkRequester['poll']> = []
  return {
    requester: {
      faults: () => link.faults(),
      request: (observation) => {
        waiting = true
        link.request(observation)
      },
      poll: () => {
        const replies = [...kept, ...link.poll()]
        kept = []
        return replies
      },
      cancel: () => link.cancel(),
      [Symbol.dispose]: () => undefined,
    },
    answered: async () => {
      while (waiting) {
        kept = link.poll()
        if (kept.length > 0 || link.faults().length > 0) waiting = false
        else await breathe()
      }
    },
  }
}

describe('the policy host', () => {
  it('drives the arm above the cube, chunk after chunk, without a step', async () => {
    const world = { cubes: { red: [...cubeM] } } as unknown as WorldPose
    using driver = createPolicyDriver({
      socketDir: dir,
      profile: so101Follower,
      calibration: null,
      contract: () => offered,
      task: () => '',
      sim: { latest: () => world },
    })
    expect(await driver.link.select('analytic-reach')).toMatchObject({
      ok: true,
      value: { isLearned: false },
    })
    const { requester, answered } = patient(driver.link)
    const executor = new ChunkExecutor(requester, {
      ...defaultChunkExecutorOptions,
      joints: so101Follower.joints,
    })
    let pose: JointVector = [0, -1.6, 1.6, 1.1, 0, 0.1]
    let nowUs = 1_000_000
    executor.observe(nowUs, pose, pose)
    await answered()
    executor.observe((nowUs += tickUs), pose, pose)
    expect(executor.blockers(pose)).toEqual([])
    executor.start(nowUs, pose)
    let fastestRadPerS = 0
    for (let tick = 0; tick < 1200; tick++) {
      nowUs += tickUs
      executor.observe(nowUs, pose, pose)
      await answered()
      const wanted = executor.sample(nowUs)
      if (!wanted.ok) throw new Error(wanted.error.message)
      const moved = wanted.value.map((value, joint) => Math.abs(value - (pose[joint] ?? 0)))
      fastestRadPerS = Math.max(fastestRadPerS, ...moved.slice(0, 5).map((value) => value / (tickUs / 1e6)))
      pose = wanted.value
    }
    const { positionM } = toolPose(pose)
    const hover = [cubeM[0], cubeM[1], cubeM[2] + analyticReach.hoverM]
    expect(Math.hypot(...positionM.map((value, axis) => value - (hover[axis] ?? 0)))).toBeLessThan(0.005)
    expect(fastestRadPerS).toBeLessThan(3 * analyticReach.speedRadPerS)
    expect(executor.stats()).toMatchObject({ late: 0, failures: 0, timeouts: 0 })
    expect(executor.stats().chunks).toBeGreaterThan(5)
  })

  it('leaves a fault, and no pose, when it is killed, and serves again after a restart', async () => {
    await link.select('analytic-reach')
    const killed = once(host, 'exit')
    host.kill('SIGKILL')
    await killed
    while (timers.length === 0) await breathe()
    expect(link.faults()).toMatchObject([{ code: 'policy/host-down' }])
    await startHost()
    timers.shift()?.()
    while (link.faults().length > 0) await breathe()
    expect(link.entry?.id).toBe('analytic-reach')
  })
})
