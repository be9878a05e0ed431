/** A policy on a server that goes away while it drives, with the real policy host between: the arm stays, the reason is told, and it goes on once the server is back. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { ChunkExecutor, defaultChunkExecutorOptions } from '#core/control/chunk-executor.ts'
import { analyticReachManifest } from '#core/policy/analytic-reach.ts'
import { contractOf } from '#core/policy/manifest.ts'
import { float32Array, numbersOf } from '#core/policy/openpi/array-values.ts'
import { isWireMap, NdArray, type WireMap, type WireValue } from '#core/policy/openpi/wire-value.ts'
import { unwrap } from '#core/result.ts'
import { connect } from '#contract/rpc/connect.ts'
import { createMux } from '#contract/rpc/mux.ts'
import { processTransport } from '#contract/transport/process.ts'
import { createPolicyDriver, type PolicyDriver } from '#host/rig/policy/policy-driver.ts'
import { mainPeer } from '#host/shared/run-host.ts'
import { eventually } from '#test/fakes/eventually.ts'
import { FakePolicyServer } from '#test/fakes/fake-policy-server.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const contract = { ...contractOf(analyticReachManifest), cameras: [], extras: [], chunkLength: 20 }
const tickUs = 5000
/** `eventually` looks twenty times a second. */
const ticksPerLook = 10

/** Twenty rows that turn the shoulder pan by half a degree each. */
function answer(question: WireValue): WireMap | null {
  const state = isWireMap(question) ? question['observation/state'] : null
  if (!(state instanceof NdArray)) return null
  const pose = [...unwrap(numbersOf(state))]
  const rows = Array.from({ length: 20 }, (_, row) =>
    pose.map((value, i) => (i === 0 ? value + row / 2 : value)),
  )
  return { actions: float32Array(rows.flat(), [20, pose.length]), server_timing: { infer_ms: 1 } }
}

let home: TemporaryFolder
let host: ChildProcess
let server: FakePolicyServer
let driver: PolicyDriver

beforeEach(async () => {
  home = temporaryFolder()
  server = await FakePolicyServer.start({ answer })
  const folder = join(home.path, 'data', 'policies', 'far')
  await mkdir(folder, { recursive: true })
  const manifest = {
    format: 'foresight-remote/1',
    kind: 'openpi',
    name: 'Far away',
    description: '',
    learned: true,
    license: null,
    address: server.address,
    apiKeyFile: null,
    timeoutMs: 1000,
    historyTicks: 0,
    actionsKey: 'actions',
    contract,
    observation: {
      pictureSide: null,
      items: [
        {
          key: ['observation/state'],
          from: 'state',
          channels: contract.state.map(({ name }) => name),
          dtype: 'float32',
        },
      ],
    },
  }
  await writeFile(join(folder, 'remote.json'), JSON.stringify(manifest))
  const options = {
    dataDir: join(home.path, 'data'),
    socketDir: home.path,
    resourcesDir: join(root, 'resources'),
  }
  host = fork(join(root, 'src/host/policy/main.ts'), [JSON.stringify(options)], {
    execPath: process.execPath,
    serialization: 'advanced',
  })
  await connect(createMux(processTransport(host)).open(mainPeer)).ready
  driver = createPolicyDriver({
    socketDir: home.path,
    profile: so101Follower,
    calibration: null,
    contract: () => ({
      robotType: 'so_follower',
      fps: 30,
      cameras: [],
      state: contract.state,
      action: contract.action,
      extras: [],
    }),
    task: () => '',
    sim: null,
  })
})

afterEach(async () => {
  driver[Symbol.dispose]()
  const gone = once(host, 'exit')
  host.disconnect()
  await gone
  await server[Symbol.asyncDispose]().catch(() => undefined)
  home[Symbol.dispose]()
})

describe('a policy on a server', () => {
  it('that goes away while it drives leaves the arm where its last chunk ends, and drives again when it is back', async () => {
    unwrap(await driver.link.select('own/far'))
    const executor = new ChunkExecutor(driver.link, {
      ...defaultChunkExecutorOptions,
      joints: so101Follower.joints,
    })
    let pose: JointVector = [0, -1.6, 1.6, 1.1, 0, 0.1]
    let nowUs = 1_000_000
    /** Passes of the loop until it is looked at again: what the policy wants, where it wants something. */
    const pass = (): string => {
      let last = ''
      for (let tick = 0; tick < ticksPerLook; tick += 1) {
        executor.observe((nowUs += tickUs), pose, pose)
        const wanted = executor.sample(nowUs)
        if (wanted.ok) pose = wanted.value
        last = wanted.ok ? 'ok' : wanted.error.code
      }
      return last
    }
    const isReady = () =>
      eventually(() => {
        pass()
        expect(executor.blockers(pose)).toEqual([])
      })
    await isReady()
    executor.start(nowUs, pose)
    expect(pass()).toBe('ok')
    const { port } = server
    await server[Symbol.asyncDispose]()
    await eventually(() => expect(pass()).toBe('policy/remote-unreachable'))
    const rested = pose
    expect(pose[0]).toBeGreaterThan(0)
    expect(pass()).toBe('policy/remote-unreachable')
    expect(pose).toEqual(rested)

    executor.stop()
    await eventually(() => {
      pass()
      expect(executor.blockers(pose)).toMatchObject([{ code: 'policy/remote-unreachable' }])
    })
    server = await FakePolicyServer.start({ answer, port })
    await isReady()
    executor.start(nowUs, pose)
    expect(pass()).toBe('ok')
  })
})
