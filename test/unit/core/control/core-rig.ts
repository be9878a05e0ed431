/** A rig for the control core without I/O: arms that go where they are sent, torque that answers on the next tick, a clock in hand. */
import type { ArmProfile, JointSpec, JointVector } from '#core/arm/arm-profile.ts'
import type { ArmReading, JointReading } from '#core/arm/arm-reading.ts'
import { ControlCore } from '#core/control/control-core.ts'
import type { ControlOptions } from '#core/control/core-options.ts'
import type { ControlOutput, PolicyInput, TorqueReport, TorqueWish } from '#core/control/core-types.ts'
import type { CommandKind } from '#core/control/mode-events.ts'
import { Monitor } from '#core/control/monitor.ts'
import type { LeaseView } from '#core/control/watch-types.ts'
import type { Fault } from '#core/result.ts'

export const periodUs = 5000

const revolute = (name: string, servoId: number, lower: number, upper: number): JointSpec => ({
  name,
  kind: 'revolute',
  servoId,
  servoModel: 'sts3215',
  lower,
  upper,
  radPerUnit: 1,
})

/** Six joints shaped like an SO-101: five revolute, one gripper with a stroke of 1.75 rad. */
export const testProfile: ArmProfile = {
  robotType: 'so_follower',
  nominalVoltageV: 7.4,
  joints: [
    revolute('shoulder_pan', 1, -1.9, 1.9),
    revolute('shoulder_lift', 2, -1.7, 1.7),
    revolute('elbow_flex', 3, -1.6, 1.6),
    revolute('wrist_flex', 4, -1.6, 1.6),
    revolute('wrist_roll', 5, -2.7, 2.7),
    { ...revolute('gripper', 6, 0, 1), kind: 'gripper', radPerUnit: 1.75 },
  ],
}

export const joint = (
  position: number,
  readUs: number,
  changes: Partial<JointReading> = {},
): JointReading => ({
  position,
  velocity: 0,
  load: 0,
  voltageV: 7.4,
  temperatureC: 30,
  currentA: 0.1,
  statusBits: 0,
  readUs,
  isStale: false,
  ...changes,
})

export const readingOf = (
  pose: JointVector,
  nowUs: number,
  changes: Partial<JointReading> = {},
): ArmReading => ({
  timeUs: nowUs,
  joints: pose.map((position) => joint(position, nowUs, changes)),
})

/** One arm of the rig. */
export class TestArm {
  pose: number[]
  torque: TorqueReport = { state: 'off', request: 0, fault: null }
  connection: 'connected' | 'gone' | 'absent' = 'connected'
  lostFraction: number[] = [0, 0, 0, 0, 0, 0]
  /** Set by a test: changes of single joints, and joints that do not move. */
  changes = new Map<number, Partial<JointReading>>()
  stuck = new Set<number>()
  silent = new Set<number>()
  powerFault: Fault | null = null
  #last: JointReading[] = []

  constructor(pose: JointVector) {
    this.pose = [...pose]
  }

  read(nowUs: number): ArmReading {
    const fresh = this.pose.map((position, index) => joint(position, nowUs, this.changes.get(index)))
    this.#last = fresh.map((reading, index) => {
      const last = this.#last[index]
      return this.silent.has(index) && last ? { ...last, isStale: true } : reading
    })
    return { timeUs: nowUs, joints: this.#last }
  }

  go(goal: JointVector | null): void {
    for (const [index, value] of (goal ?? []).entries()) {
      if (!this.stuck.has(index)) this.pose[index] = value
    }
  }

  obey(wish: TorqueWish): void {
    if (wish.wanted === 'asIs' || wish.request === this.torque.request) return
    const isFailing = wish.wanted === 'on' && this.powerFault !== null
    this.torque = {
      state: isFailing ? 'off' : wish.wanted,
      request: wish.request,
      fault: isFailing ? this.powerFault : null,
    }
  }
}

export const zero: JointVector = [0, 0, 0, 0, 0, 0.5]

export class CoreRig {
  readonly core: ControlCore
  readonly monitor = new Monitor({ joints: testProfile.joints, periodUs })
  readonly follower: TestArm
  readonly leader: TestArm
  hasLeader = true
  nowUs = 1_000_000
  policy: PolicyInput | null = null
  /** What the policy wants while it runs. */
  policyPose: ((nowUs: number) => PolicyInput['sample']) | null = null
  lease: LeaseView | null = null
  outputs: ControlOutput[] = []
  isPolicyRunning = false
  #commandId = 0

  constructor(
    follower: JointVector = zero,
    leader: JointVector = zero,
    options: Partial<ControlOptions> = {},
  ) {
    this.follower = new TestArm(follower)
    this.leader = new TestArm(leader)
    this.hasLeader = options.leader !== null
    this.core = new ControlCore({ follower: testProfile, leader: testProfile, periodUs, ...options })
  }

  get last(): ControlOutput {
    const last = this.outputs.at(-1)
    if (!last) throw new Error('no tick yet')
    return last
  }

  /** One tick, `dtUs` after the last one. */
  tick(commands: readonly CommandKind[] = [], dtUs = periodUs): ControlOutput {
    this.nowUs += dtUs
    const { nowUs, follower, leader } = this
    const policy = this.policyPose
      ? {
          name: 'demo',
          blockers: this.policy?.blockers ?? [],
          sample: this.isPolicyRunning ? this.policyPose(nowUs) : null,
        }
      : this.policy
    const output = this.core.step({
      nowUs,
      follower: this.#link(follower),
      leader: this.hasLeader ? this.#link(leader) : null,
      followerTorque: follower.torque,
      leaderTorque: leader.torque,
      policy,
      lease: this.lease,
      commands: commands.map((kind) => ({ id: ++this.#commandId, command: { kind } })),
    })
    this.monitor.watch({
      timeUs: nowUs,
      mode: output.mode,
      floatGoal: output.followerGoal,
      present: follower.pose,
    })
    if (follower.connection === 'connected') follower.go(output.followerGoal)
    if (leader.connection === 'connected') leader.go(output.leaderGoal)
    follower.obey(output.followerTorque)
    leader.obey(output.leaderTorque)
    if (output.policy) this.isPolicyRunning = output.policy === 'start'
    this.outputs.push(output)
    if (this.outputs.length > 2000) this.outputs.shift()
    return output
  }

  /** Ticks until `mode`, at most `seconds`; throws when it does not come. */
  until(mode: ControlOutput['mode'], seconds = 10): ControlOutput {
    for (let left = (seconds * 1e6) / periodUs; left > 0; left--) {
      if (this.tick().mode === mode) return this.last
    }
    throw new Error(`mode is ${this.core.mode}, not ${mode}`)
  }

  run(seconds: number, each?: () => void): ControlOutput {
    for (let left = Math.round((seconds * 1e6) / periodUs); left > 0; left--) {
      each?.()
      this.tick()
    }
    return this.last
  }

  /** Torque on, aligned, a human drives. */
  engaged(): this {
    this.tick(['engage'])
    this.until('teleop')
    return this
  }

  #link(arm: TestArm) {
    const reading = arm.connection === 'connected' ? arm.read(this.nowUs) : null
    return { profile: testProfile, connection: arm.connection, reading, lostFraction: arm.lostFraction }
  }
}
