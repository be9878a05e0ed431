/**
 * An arm without a bus, with the promises of `ArmPort`: goals move it at once, torque answers when told, a read can be kept
 * hanging, the port can vanish. It keeps a log of everything that would have gone over the wire.
 */
import type { ArmProfile, JointVector } from '#core/arm/arm-profile.ts'
import type { ArmReading, JointReading } from '#core/arm/arm-reading.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ArmPort, BusStats } from '#host/rig/arm-port.ts'

export type WireEvent =
  | { readonly kind: 'goal'; readonly goal: JointVector }
  | { readonly kind: 'torqueOn' | 'torqueOff' }
  | { readonly kind: 'torqueLimit'; readonly fraction: number }

export class FakeArmPort implements ArmPort {
  readonly profile: ArmProfile
  readonly wire: WireEvent[] = []
  pose: number[]
  isTorqueOn = false
  isClosed = false
  isDisposed = false
  lostFraction: number[]
  silent = new Set<number>()
  stuck = new Set<number>()
  changes = new Map<number, Partial<JointReading>>()
  powerFault: Fault | null = null
  releaseFault: Fault | null = null
  /** Set to keep reads, or torque-on, waiting until `release` is called. */
  isReadHeld = false
  isTorqueHeld = false
  readonly #clock: () => number
  readonly #closeListeners = new Set<(fault: Fault) => void>()
  #held: (() => void)[] = []
  #last: JointReading[] = []

  constructor(profile: ArmProfile, pose: JointVector, clock: () => number) {
    this.profile = profile
    this.pose = [...pose]
    this.lostFraction = profile.joints.map(() => 0)
    this.#clock = clock
  }

  async read(): Promise<Result<ArmReading>> {
    if (this.isReadHeld) await this.#hold()
    if (this.isClosed) return fail('bus/closed', 'gone')
    const nowUs = this.#clock()
    const before = this.#last
    this.#last = this.pose.map((position, index) => {
      const last = before[index]
      if (this.silent.has(index) && last) return { ...last, isStale: true }
      return { ...still, position, readUs: nowUs, ...this.changes.get(index) }
    })
    return ok({ timeUs: nowUs, joints: this.#last })
  }

  writeGoals(goal: JointVector): Result<void> {
    if (this.isClosed) return fail('bus/closed', 'gone')
    const outside = this.profile.joints.findIndex((joint, index) => {
      const value = goal[index] ?? Number.NaN
      return !(value >= joint.lower && value <= joint.upper)
    })
    if (outside >= 0)
      return fail('bus/out-of-range', 'outside', { joint: this.profile.joints[outside]?.name })
    this.wire.push({ kind: 'goal', goal })
    for (const [index, value] of goal.entries()) if (!this.stuck.has(index)) this.pose[index] = value
    return ok(undefined)
  }

  /** Goals reach the wire at once here. */
  withdrawGoals(): void {}

  async torqueOn(): Promise<Result<void>> {
    if (this.isTorqueHeld) await this.#hold()
    if (this.isClosed) return fail('bus/closed', 'gone')
    if (this.powerFault) return { ok: false, error: this.powerFault }
    this.wire.push({ kind: 'torqueOn' })
    this.isTorqueOn = true
    return ok(undefined)
  }

  async torqueOff(): Promise<Result<void>> {
    if (this.isClosed) return fail('bus/closed', 'gone')
    this.wire.push({ kind: 'torqueOff' })
    if (this.releaseFault) return { ok: false, error: this.releaseFault }
    this.isTorqueOn = false
    return ok(undefined)
  }

  async setTorqueLimit(fraction: number): Promise<Result<void>> {
    this.wire.push({ kind: 'torqueLimit', fraction })
    return ok(undefined)
  }

  stats(): BusStats {
    return {
      requests: this.wire.length,
      timeouts: 0,
      corrupt: 0,
      lostFraction: this.lostFraction,
      silentUs: this.profile.joints.map(() => 0),
      utilisation: 0,
      roundTripP99Us: 0,
    }
  }

  onClose(listener: (fault: Fault) => void): Disposable {
    this.#closeListeners.add(listener)
    return { [Symbol.dispose]: () => void this.#closeListeners.delete(listener) }
  }

  /** The cable is pulled. */
  unplug(): void {
    this.isClosed = true
    for (const listener of this.#closeListeners) listener({ code: 'bus/closed', message: 'gone' })
    this.release()
  }

  /** Lets everything held go on. */
  release(): void {
    this.isReadHeld = false
    this.isTorqueHeld = false
    for (const go of this.#held.splice(0)) go()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true
  }

  get goals(): readonly JointVector[] {
    return this.wire.flatMap((event) => (event.kind === 'goal' ? [event.goal] : []))
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve))
  }
}

const still: Omit<JointReading, 'position' | 'readUs'> = {
  velocity: 0,
  load: 0,
  voltageV: 7.4,
  temperatureC: 30,
  currentA: 0.1,
  statusBits: 0,
  isStale: false,
}
