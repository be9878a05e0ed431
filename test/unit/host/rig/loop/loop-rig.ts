/** A control loop on two fake arms, with the clock in hand. */
import type { JointVector } from '#core/arm/arm-profile.ts'
import { ControlCore } from '#core/control/control-core.ts'
import { Monitor } from '#core/control/monitor.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import type { LeaseView } from '#core/control/watch-types.ts'
import { ArmSeat } from '#host/rig/loop/arm-seat.ts'
import { ControlLoop } from '#host/rig/loop/control-loop.ts'
import { FakeArmPort } from '#test/fakes/fake-arm-port.ts'
import { FakeClock, FakeTicker } from '#test/fakes/fake-clock.ts'
import { periodUs, testProfile, zero } from '../../../core/control/core-rig.ts'

export class LoopRig {
  readonly clock = new FakeClock()
  readonly ticker = new FakeTicker(this.clock, periodUs)
  readonly followerPort: FakeArmPort
  readonly leaderPort: FakeArmPort
  readonly follower: ArmSeat
  readonly leader: ArmSeat
  readonly core = new ControlCore({ follower: testProfile, leader: testProfile, periodUs })
  readonly monitor = new Monitor({ joints: testProfile.joints, periodUs })
  readonly loop: ControlLoop
  readonly records: TickRecord[] = []
  readonly gone: string[] = []
  lease: LeaseView | null = null

  constructor(follower: JointVector = zero, leader: JointVector = zero) {
    this.followerPort = new FakeArmPort(testProfile, follower, this.clock.now)
    this.leaderPort = new FakeArmPort(testProfile, leader, this.clock.now)
    this.follower = new ArmSeat(testProfile, () => this.gone.push('follower'))
    this.leader = new ArmSeat(testProfile, () => this.gone.push('leader'))
    this.follower.attach(this.followerPort)
    this.leader.attach(this.leaderPort)
    this.loop = new ControlLoop({
      callAt: () => ({ [Symbol.dispose]: () => undefined }),
      clock: this.clock.now,
      ticker: this.ticker,
      periodUs,
      core: this.core,
      monitor: this.monitor,
      follower: this.follower,
      leader: this.leader,
      lease: () => this.lease,
    })
    this.loop.onTick((record) => this.records.push(record))
    this.loop.start()
  }

  get last(): TickRecord | undefined {
    return this.records.at(-1)
  }

  async until(mode: TickRecord['mode'], seconds = 10): Promise<void> {
    for (let left = (seconds * 1e6) / periodUs; left > 0; left--) {
      await this.ticker.beat()
      if (this.last?.mode === mode) return
    }
    throw new Error(`mode is ${this.core.mode}, not ${mode}`)
  }

  async engaged(): Promise<this> {
    const engaged = this.loop.command('engage')
    await this.until('teleop')
    await engaged
    return this
  }
}
