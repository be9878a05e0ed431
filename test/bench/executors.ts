/**
 * How chunks follow each other, compared on the simulator's moving target: the real control loop, bus protocol and physics in
 * virtual time, the analytic demo policy with an inference that takes as long as is said. Deterministic: the machine's speed
 * changes nothing. `node test/bench/executors.ts` prints the table; `benchExecutors` is for `npm run bench`.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { toolPose } from '#core/arm/kinematics.ts'
import { ChunkExecutor, defaultChunkExecutorOptions } from '#core/control/chunk-executor.ts'
import type { ChunkObservation, ChunkReply, ChunkRequester } from '#core/control/chunk.ts'
import { defaultExecutorSettings, executorModes, type ExecutorMode } from '#core/control/executor-settings.ts'
import { analyticReach, analyticReachManifest, buildAnalyticReach } from '#core/policy/analytic-reach.ts'
import { rowWeights } from '#core/policy/internvla/rtc.ts'
import { VectorConverter } from '#core/policy/unit-conversion.ts'
import { ok, unwrap } from '#core/result.ts'
import { positionOf } from '#host/sim/scene/joints.ts'
import { VirtualPair, periodUs } from '../fakes/virtual-pair.ts'

export interface ExecutorFigures {
  readonly mode: ExecutorMode
  readonly delayMs: number
  /** Largest distance that a join had to bridge, degrees. */
  readonly largestJumpDeg: number
  /** Root mean square of wanted minus measured, degrees. */
  readonly trackingDeg: number
  /** Mean age of the observation behind what is executed, milliseconds. */
  readonly stalenessMs: number
  /** Mean horizontal distance from the gripper to the cube, millimetres. */
  readonly missMm: number
  /** Share of the time in which the policy drove; a chunk that came too late ends it. */
  readonly drivenShare: number
}

const seconds = 20
const degrees = (rad: number): number => (rad * 180) / Math.PI

/**
 * Answers after a delay in virtual time. Guided, it begins with the left-over as a network would that follows it perfectly:
 * a stand-in, for the analytic graph takes no guidance.
 */
class DelayedReach implements ChunkRequester {
  private readonly pair: VirtualPair
  private readonly session: InferenceSession
  private readonly delayUs: number
  private readonly state = unwrap(VectorConverter.create(analyticReachManifest.state, so101Follower, null))
  private waiting: { readonly dueUs: number; readonly reply: ChunkReply }[] = []
  pending: Promise<unknown> = Promise.resolve()

  constructor(pair: VirtualPair, session: InferenceSession, delayUs: number) {
    this.pair = pair
    this.session = session
    this.delayUs = delayUs
  }

  faults() {
    return []
  }

  request(observation: ChunkObservation): void {
    const dueUs = observation.timeUs + this.delayUs
    const cube = this.pair.world.cubeM('red')
    this.pending = this.answer(observation, cube).then((reply) => this.waiting.push({ dueUs, reply }))
  }

  poll(): readonly ChunkReply[] {
    const nowUs = this.pair.clock.nowUs()
    const due = this.waiting.filter(({ dueUs }) => dueUs <= nowUs)
    this.waiting = this.waiting.filter(({ dueUs }) => dueUs > nowUs)
    return due.map(({ reply }) => reply)
  }

  cancel(): void {
    this.waiting = []
  }

  [Symbol.dispose](): void {
    this.cancel()
  }

  private async answer(observation: ChunkObservation, cube: ArrayLike<number>): Promise<ChunkReply> {
    const state = Float32Array.from(this.state.toPolicy(observation.position))
    const outputs = await this.session.run({
      'observation.state': new Tensor('float32', state, [1, state.length]),
      'sim.red_cube_m': new Tensor('float32', Float32Array.from(cube), [1, 3]),
    })
    const rows = outputs['action']?.data as Float32Array
    const width = analyticReachManifest.action.length
    const free = Array.from({ length: analyticReach.chunkLength }, (_, row) =>
      this.state.toProgram(rows.subarray(row * width, (row + 1) * width), observation.commanded),
    )
    const { leftOver } = observation
    const weights =
      leftOver === null
        ? free.map(() => 0)
        : rowWeights(free.length, leftOver.delayRows, leftOver.horizonRows, leftOver.schedule)
    const steps = free.map((pose, row) =>
      pose.map((value, joint) => {
        const weight = weights[row] ?? 0
        return weight * (leftOver?.steps[row]?.[joint] ?? value) + (1 - weight) * value
      }),
    )
    const origin = {
      policyId: 'reach',
      chunkId: observation.id,
      seed: null,
      isGuided: leftOver !== null,
      stagesMs: {},
    }
    return { id: observation.id, result: ok({ stepUs: 1e6 / analyticReach.fps, steps, origin }) }
  }
}

async function runOne(
  session: InferenceSession,
  mode: ExecutorMode,
  delayMs: number,
): Promise<ExecutorFigures> {
  await using pair = await VirtualPair.start()
  pair.world.moveTarget(3)
  const requester = new DelayedReach(pair, session, delayMs * 1000)
  const executor = new ChunkExecutor(requester, {
    ...defaultChunkExecutorOptions,
    joints: so101Follower.joints,
    firstGapRad: Math.PI,
  })
  executor.configure({ ...defaultExecutorSettings, mode })
  pair.session.setPolicy({ name: 'reach', source: executor })
  const pass = async (ticks: number): Promise<void> => {
    for (let tick = 0; tick < ticks; tick++) {
      await pair.clock.pass(periodUs)
      await requester.pending
    }
  }
  await pair.engaged()
  await pass(400)
  unwrap(await pair.ask(pair.session.giveToPolicy()))
  await pass(600)
  let [ages, misses, driven, count] = [0, 0, 0, 0]
  for (let tick = 0; tick < (seconds * 1e6) / periodUs; tick++) {
    await pass(1)
    count++
    if (pair.session.mode !== 'policy') continue
    driven++
    ages += (executor.stats().stalenessUs ?? 0) / 1000
    const [x, y] = toolPose(positionOf(pair.world.arms.follower.anglesRad())).positionM
    const [cubeX, cubeY] = pair.world.cubeM('red')
    misses += 1000 * Math.hypot(x - cubeX, y - cubeY)
  }
  const stats = executor.stats()
  executor[Symbol.dispose]()
  return {
    mode,
    delayMs,
    largestJumpDeg: degrees(stats.largestJump),
    trackingDeg: degrees(stats.trackingRad ?? Number.NaN),
    stalenessMs: ages / driven,
    missMm: misses / driven,
    drivenShare: driven / count,
  }
}

export async function benchExecutors(
  delaysMs: readonly number[] = [50, 200, 500],
): Promise<ExecutorFigures[]> {
  const session = await InferenceSession.create(buildAnalyticReach(), { intraOpNumThreads: 1 })
  const figures: ExecutorFigures[] = []
  for (const delayMs of delaysMs)
    for (const mode of executorModes) figures.push(await runOne(session, mode, delayMs))
  await session.release()
  return figures
}

/** One line a run, with its jump as a ratio to `sync` at the same delay. */
export function executorTable(figures: readonly ExecutorFigures[]): string {
  const head =
    'executor   delay ms   largest jump °   : sync   tracking °   staleness ms   miss mm   driven %'
  const lines = figures.map((figure) => {
    const sync = figures.find(({ mode, delayMs }) => mode === 'sync' && delayMs === figure.delayMs)
    const ratio = figure.largestJumpDeg / (sync?.largestJumpDeg ?? Number.NaN)
    return [
      figure.mode.padEnd(10),
      figure.delayMs.toFixed(0).padStart(8),
      figure.largestJumpDeg.toFixed(2).padStart(16),
      ratio.toFixed(2).padStart(8),
      figure.trackingDeg.toFixed(2).padStart(12),
      figure.stalenessMs.toFixed(0).padStart(14),
      figure.missMm.toFixed(1).padStart(9),
      (100 * figure.drivenShare).toFixed(0).padStart(10),
    ].join(' ')
  })
  return [head, ...lines].join('\n')
}

if (import.meta.main) console.log(executorTable(await benchExecutors()))
