/**
 * The simulated pair under a drive session, all in virtual time: MuJoCo, the servos' byte protocol, the bus owner, the loop.
 * A second monitor watches the wire itself, packet by packet, with the mode that was in force.
 */
import { jointCalibration } from '#core/arm/calibration.ts'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { Monitor } from '#core/control/monitor.ts'
import type { Mode } from '#core/control/mode.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import type { LeaseView } from '#core/control/watch-types.ts'
import { unwrap, type Result } from '#core/result.ts'
import type { DriveState } from '#contract/services/drive.ts'
import type { FeetechArm } from '#host/rig/bus/feetech-arm.ts'
import { FeetechBus } from '#host/rig/bus/feetech-bus.ts'
import { startArm } from '#host/rig/bus/open-arm.ts'
import { DriveSession } from '#host/rig/drive/drive-session.ts'
import type { Ticker, TickerBeat } from '#host/rig/loop/ticker.ts'
import { VirtualBus } from '#host/sim/bus/virtual-bus.ts'
import { WireFaults } from '#host/sim/bus/wire-faults.ts'
import { FaultBoard } from '#host/sim/faults/fault-board.ts'
import { LeaderDriver } from '#host/sim/operator/leader-driver.ts'
import { LeaderHand } from '#host/sim/operator/leader-hand.ts'
import { seededRandom } from '#host/sim/random.ts'
import { anglesOf } from '#host/sim/scene/joints.ts'
import { armNames, restPose, type ArmName, type CubeName } from '#host/sim/scene/layout.ts'
import { SimWorld } from '#host/sim/sim-world.ts'
import { FakeBusClock } from './fake-bus-clock.ts'
import { VirtualLine, type WireAct } from './virtual-channel.ts'

export const periodUs = 5000
const ticksPerRad = 4096 / (2 * Math.PI)
const silent: ReadonlySet<Mode> = new Set<Mode>(['idle', 'eStop', 'fault'])

class VirtualTicker implements Ticker {
  readonly #clock: FakeBusClock
  #isEnded = false

  constructor(clock: FakeBusClock) {
    this.#clock = clock
  }

  start(onBeat: (beat: TickerBeat) => void): void {
    const startUs = this.#clock.nowUs()
    const next = (index: number): void => {
      const deadlineUs = startUs + index * periodUs
      this.#clock.callAt(deadlineUs, () => {
        if (this.#isEnded) return
        next(index + 1)
        onBeat({ index, deadlineUs })
      })
    }
    next(1)
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
  }
}

export class VirtualPair implements AsyncDisposable {
  readonly clock = new FakeBusClock()
  readonly world: SimWorld
  readonly lines: Readonly<Record<ArmName, VirtualLine>>
  readonly faults: FaultBoard
  readonly records: TickRecord[] = []
  /** Goals on the follower's wire while nothing may be sent. */
  readonly forbidden: WireAct[] = []
  readonly acts: (WireAct & { readonly arm: ArmName })[] = []
  lease: LeaseView | null = null
  session!: DriveSession
  arms!: Record<ArmName, FeetechArm>
  wireMonitor!: Monitor
  #hand: LeaderHand
  readonly #originUs = this.clock.nowUs()

  private constructor(world: SimWorld) {
    this.world = world
    const random = seededRandom(7)
    const faults = { leader: new WireFaults(random), follower: new WireFaults(random) }
    const advance = (nowUs: number): void => void world.advanceTo(nowUs - this.#originUs)
    const line = (name: ArmName): VirtualLine =>
      new VirtualLine(new VirtualBus(world.arms[name].servos, faults[name]), this.clock, advance, (act) =>
        this.#watch(name, act),
      )
    this.lines = { leader: line('leader'), follower: line('follower') }
    this.faults = new FaultBoard({
      leader: { arm: world.arms.leader, link: this.lines.leader, faults: faults.leader },
      follower: { arm: world.arms.follower, link: this.lines.follower, faults: faults.follower },
    })
    this.#hand = new LeaderHand(() => world.arms.leader.servos.some((servo) => servo.isTorqueOn))
    world.hand = this.#hand
  }

  static async start(): Promise<VirtualPair> {
    const pair = new VirtualPair(unwrap(await SimWorld.create()))
    await pair.#connect()
    return pair
  }

  /** The rig host dies between two bytes: nothing is sent any more, the servos stay as they are. */
  async killRig(): Promise<void> {
    this.session[Symbol.dispose]()
    for (const arm of Object.values(this.arms)) await arm[Symbol.asyncDispose]()
  }

  /** A new rig host connects to the arms as it finds them. */
  async restartRig(): Promise<void> {
    await this.#connect()
  }

  async #connect(): Promise<void> {
    const arms: Partial<Record<ArmName, FeetechArm>> = {}
    for (const name of armNames) arms[name] = await this.openArm(name)
    this.arms = arms as Record<ArmName, FeetechArm>
    const { follower, leader } = this.arms
    this.wireMonitor = new Monitor({
      joints: follower.profile.joints,
      periodUs,
      wire: follower.profile.joints.map(({ name }) => {
        const { rangeMin, rangeMax } = jointCalibration(follower.calibration, name)
        return { minTicks: rangeMin, maxTicks: rangeMax, ticksPerRad }
      }),
    })
    this.session = new DriveSession({
      follower,
      leader,
      isReal: false,
      heldJoints: follower.report.heldJoints,
      leaderHeldJoints: leader.report.heldJoints,
      clock: this.clock.nowUs,
      callAt: (timeUs, callback) => this.clock.callAt(timeUs, callback),
      timeOfDay: () => '2026-11-25T10:00:00.000Z',
      ticker: new VirtualTicker(this.clock),
      periodUs,
      holdFile: null,
      holdNote: null,
      lease: (nowUs) => this.lease ?? { silentUs: nowUs - nowUs, deafUs: 0 },
    })
    this.session.onTick((record) => {
      this.records.push(record)
      if (silent.has(record.mode))
        this.wireMonitor.watch({ timeUs: record.goalUs ?? record.timeUs, mode: record.mode, floatGoal: null })
    })
  }

  get state(): DriveState {
    return this.session.state({ lease: { holder: null, label: null }, policy: null })
  }

  get last(): TickRecord {
    const last = this.records.at(-1)
    if (!last) throw new Error('no tick yet')
    return last
  }

  /** Opens an arm on its line, as after plugging it in again. */
  async openArm(name: ArmName): Promise<FeetechArm> {
    const profile = name === 'follower' ? so101Follower : so101Leader
    const bus = new FeetechBus(unwrap(this.lines[name].open()), this.clock)
    return unwrap(await this.clock.run(startArm(bus, this.clock, { profile, calibration: null, role: name })))
  }

  /** The hand holds the leader; each joint goes where `offsets` say, added to the rest pose, program units. */
  hand(offsets: (seconds: number) => JointVector): void {
    const startUs = this.world.simTimeUs
    this.#hand.follow({
      anglesRad: (simTimeUs) => {
        const added = offsets((simTimeUs - startUs) / 1e6)
        return anglesOf(restPose.map((value, index) => value + (added[index] ?? 0)))
      },
    })
  }

  /** The scripted operator takes the leader, brings a cube to the bin, and reports. */
  operate(seed: number, cube: CubeName): LeaderDriver {
    const driver = new LeaderDriver(this.world)
    driver.startOperator(seed, cube)
    return driver
  }

  /** Time passes, in the world too when nobody asks a servo anything. */
  async pass(seconds: number): Promise<void> {
    await this.clock.pass(seconds * 1e6)
    this.world.advanceTo(this.clock.nowUs() - this.#originUs)
  }

  /** Time passes until the mode is in force; throws when it does not come. */
  async until(mode: Mode, seconds = 15): Promise<void> {
    for (let left = (seconds * 1e6) / periodUs; left > 0; left--) {
      if (this.session.mode === mode) return
      await this.clock.pass(periodUs)
    }
    throw new Error(`mode is ${this.session.mode}, not ${mode}: ${JSON.stringify(this.state.cause)}`)
  }

  /** Lets time pass until a command is answered. */
  async ask<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
    return this.clock.run(answer)
  }

  /** Torque on, aligned, a hand on the leader drives. */
  async engaged(): Promise<this> {
    this.hand(() => [0, 0.3, -0.2])
    await this.pass(0.5)
    unwrap(await this.ask(this.session.engage({ keepClearAcknowledged: true })))
    await this.until('teleop')
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session[Symbol.dispose]()
    for (const arm of Object.values(this.arms)) await arm[Symbol.asyncDispose]()
    this.world[Symbol.dispose]()
  }

  #watch(arm: ArmName, act: WireAct): void {
    this.acts.push({ ...act, arm })
    if (act.kind !== 'goal' || !this.session) return
    const { mode } = this.session
    if (silent.has(mode)) this.forbidden.push(act)
    const ids = this.arms[arm].profile.joints.map(({ servoId }) => servoId)
    if (arm !== 'follower') return
    if (act.values.size !== ids.length) {
      // Torque comes on anew, servo by servo, at the present pose: what was commanded before counts no more.
      this.wireMonitor.watch({ timeUs: act.timeUs, mode: 'idle', floatGoal: null })
      return
    }
    const wireGoalTicks = ids.map((id) => act.values.get(id) ?? Number.NaN)
    this.wireMonitor.watch({ timeUs: act.timeUs, mode, floatGoal: null, wireGoalTicks })
  }
}
