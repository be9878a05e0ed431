/** The simulated pair in pure simulated time, with a follower that is told the leader's pose every 5 ms. */
import { unwrap } from '#core/result.ts'
import { LeaderDriver } from '#host/sim/operator/leader-driver.ts'
import { positionOf } from '#host/sim/scene/joints.ts'
import { SimWorld } from '#host/sim/sim-world.ts'
import { stsRegisters as reg } from '#core/bus/feetech-registers.ts'

const tickUs = 5000

export class TestBench implements Disposable {
  readonly world: SimWorld
  readonly driver: LeaderDriver

  private constructor(world: SimWorld) {
    this.world = world
    this.driver = new LeaderDriver(world)
  }

  static async create(): Promise<TestBench> {
    return new TestBench(unwrap(await SimWorld.create()))
  }

  get leader(): number[] {
    return positionOf(this.world.arms.leader.anglesRad())
  }

  get follower(): number[] {
    return positionOf(this.world.arms.follower.anglesRad())
  }

  run(seconds: number, everyTick?: () => void): void {
    const endUs = this.world.simTimeUs + seconds * 1e6
    while (this.world.simTimeUs < endUs) {
      this.world.advanceTo(this.world.simTimeUs + tickUs)
      everyTick?.()
    }
  }

  /** Settings that lerobot gives a follower at every connect. */
  configureFollower(): void {
    for (const servo of this.world.arms.follower.servos) {
      servo.configure(reg.P_Coefficient, 16)
      servo.configure(reg.Acceleration, 254)
    }
  }

  /** One tick of bare teleoperation: the leader's reading is the follower's goal, through both calibrations. */
  mirror(): void {
    const { leader, follower } = this.world.arms
    for (const [index, servo] of leader.servos.entries())
      follower.servos[index]?.write(reg.Goal_Position.address, servo.read(reg.Present_Position.address, 2))
  }

  powerLeader(isOn: boolean, torqueLimit = 1000): void {
    for (const servo of this.world.arms.leader.servos) {
      servo.configure(reg.Torque_Limit, torqueLimit)
      if (isOn) servo.write(reg.Goal_Position.address, servo.read(reg.Present_Position.address, 2))
      servo.configure(reg.Torque_Enable, isOn ? 1 : 0)
    }
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]()
  }
}
