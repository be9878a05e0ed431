/** The `sim` service of the contract over a running bench. */
import { unwrap } from '#core/result.ts'
import { implement, type BoundService } from '#contract/rpc/serve.ts'
import { sim, type SimFault, type WorldPose } from '#contract/services/sim.ts'
import type { SimulatedFault } from './faults/fault-board.ts'
import { positionOf } from './scene/joints.ts'
import { cubeNames } from './scene/layout.ts'
import { describeWorld } from './scene/world-description.ts'
import type { SimBench } from './sim-bench.ts'

/** The operator's report is looked at this often and sent when it changed. */
const reportMs = 100

export function simService(bench: SimBench): BoundService {
  const { world, pump, faults, leader } = bench
  return implement(sim, {
    describe: async () => describeWorld(world.physics),
    poses: ({ maxHz }, emitter) => every(1000 / maxHz, () => void emitter.emit(poseOf(bench))),
    faults: (_params, emitter) => {
      const send = (): void => void emitter.emit(faults.list().map(faultMessage))
      send()
      return faults.onChange(send)
    },
    setFault: async (fault) => unwrap(await faults.set(fault)),
    clearFault: async (fault) => unwrap(await faults.clear(fault)),
    clearFaults: async () => unwrap(await faults.clearAll()),
    resetScene: async ({ seed }) => world.resetCubes(seed),
    moveTarget: async ({ seed }) => world.moveTarget(seed),
    dragTo: async (target) => leader.dragTo(target),
    jog: async (step) => leader.jog(step),
    releaseHand: async () => leader.release(),
    startOperator: async ({ seed, cube }) => leader.startOperator(seed, cube),
    stopOperator: async () => leader.stopOperator(),
    operator: (_params, emitter) => {
      let sent = ''
      const send = (): void => {
        const report = leader.report()
        const text = JSON.stringify(report)
        if (text === sent) return
        sent = text
        void emitter.emit(report)
      }
      send()
      return every(reportMs, send)
    },
  })

  function poseOf({ clock }: SimBench): WorldPose {
    return {
      timeUs: clock(),
      simTimeUs: world.simTimeUs,
      pose: world.bodyPoses(),
      follower: positionOf(world.arms.follower.anglesRad()),
      leader: positionOf(world.arms.leader.anglesRad()),
      cubes: Object.fromEntries(cubeNames.map((name) => [name, [...world.cubeM(name)]])),
      speed: pump.speed,
      isTargetMoving: world.isTargetMoving,
    }
  }
}

const faultMessage = ({ bus, kind, joint, amount }: SimulatedFault): SimFault => ({
  bus,
  kind,
  ...(joint === undefined ? {} : { joint }),
  ...(amount === undefined ? {} : { amount }),
})

function every(periodMs: number, work: () => void): Disposable {
  const timer = setInterval(work, periodMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
