/**
 * One arm's place in the loop: a port may come, vanish and come back. Invariant: at most one read is in flight, and whoever
 * waits for it gets the last good reading when it does not come back; what is stale shows by its own times.
 */
import type { ArmProfile, JointVector } from '#core/arm/arm-profile.ts'
import type { ArmReading } from '#core/arm/arm-reading.ts'
import type { ArmLink } from '#core/control/watch-types.ts'
import { fail, type Fault, type Result } from '#core/result.ts'
import type { ArmPort, BusStats } from '../arm-port.ts'
import { TorqueSwitch } from './torque-switch.ts'

/** More time for an arm of which nothing was heard, or whose bus has more to do. */
const deafPatienceUs = 20_000
/** A lost answer costs a read this long and the next one its pass, and the arm must not count as silent by then. */
const longestReadUs = 30_000
/** Share of a new pass in what passes usually take: more when they become slower than when they become faster. */
const weight = { slower: 1 / 4, faster: 1 / 16 } as const
/** Reads before a share of lost packets says anything. */
const fewestReads = 20

export class ArmSeat {
  readonly profile: ArmProfile
  readonly torque = new TorqueSwitch()
  readonly #onGone: (fault: Fault) => void
  #port: ArmPort | null = null
  #closing: Disposable | null = null
  #connection: ArmLink['connection'] = 'absent'
  #reading: ArmReading | null = null
  #inFlight: Promise<void> | null = null
  /** Nothing was heard of the arm in its last read. */
  #isDeaf = false
  #reads = 0
  /** What a complete pass usually takes: adapters and emulators may hold answers back for many milliseconds. */
  #passUs = 0

  constructor(profile: ArmProfile, onGone: (fault: Fault) => void) {
    this.profile = profile
    this.#onGone = onGone
  }

  get reading(): ArmReading | null {
    return this.#reading
  }

  get isConnected(): boolean {
    return this.#connection === 'connected'
  }

  /** Seats a port, the first or one that came back. Refused when its joints or ranges are not those of this seat. */
  attach(port: ArmPort): Result<void> {
    const differing = firstDifference(this.profile, port.profile)
    if (differing) {
      return fail('arm/calibration-mismatch', 'The arm that came back is not the one that left', {
        joint: differing,
      })
    }
    this.#closing?.[Symbol.dispose]()
    this.#port = port
    this.#connection = 'connected'
    this.#reading = null
    this.#inFlight = null
    this.#isDeaf = false
    this.#reads = 0
    this.#passUs = 0
    this.torque.attach(port)
    this.#closing = port.onClose((fault) => this.#gone(port, fault))
    return { ok: true, value: undefined }
  }

  /** Lets go of the port without closing it. */
  detach(): void {
    this.#closing?.[Symbol.dispose]()
    this.#closing = null
    this.#port = null
    this.#reading = null
    if (this.#connection === 'connected') this.#connection = 'gone'
    this.torque.detach()
  }

  /**
   * Reads once, or waits for the read under way; resolves when the reading is in or the port is gone. Never rejects. An arm
   * of which nothing was heard last time gets more time: a stalled adapter answers late, and would never be heard again.
   * One whose passes take long gets twice as long as they take.
   * @param usualUs how long a read may take unless the arm is known to need more
   */
  async read(beganUs: number, usualUs: number): Promise<void> {
    const port = this.#port
    if (!port) return
    if (this.#inFlight) return await this.#inFlight
    const reading = this.#readOnce(port, beganUs, this.#patience(usualUs))
    this.#inFlight = reading
    await reading
    if (this.#inFlight === reading) this.#inFlight = null
  }

  #patience(usualUs: number): number {
    const shortUs = Math.max(usualUs, Math.min(2 * this.#passUs, longestReadUs))
    // While torque is switched every read waits for the requests that do it.
    const isContended = this.torque.report.state === 'switching'
    return this.#isDeaf || isContended ? shortUs + deafPatienceUs : shortUs
  }

  #learn(passUs: number): void {
    const change = passUs - this.#passUs
    this.#passUs += change * (change > 0 ? weight.slower : weight.faster)
  }

  /** Hands a goal to the bus, unless the interlock forbids it. */
  send(goal: JointVector): Result<void> {
    if (!this.#port || !this.torque.canSend)
      return fail('control/not-allowed', 'No goal is sent without torque')
    return this.#port.writeGoals(goal)
  }

  /** No goal is to be sent any more, not even one that still waits for the line. */
  withdraw(): void {
    this.#port?.withdrawGoals()
  }

  /** The arm as the core sees it now. */
  link(nowUs: number): ArmLink {
    const stats = this.stats(nowUs)
    return {
      profile: this.profile,
      connection: this.#connection,
      reading: this.#reading,
      lostFraction: this.#reads < fewestReads ? [] : (stats?.lostFraction ?? []),
    }
  }

  stats(nowUs: number): BusStats | null {
    return this.#port?.stats(nowUs) ?? null
  }

  async #readOnce(port: ArmPort, beganUs: number, patienceUs: number): Promise<void> {
    const result = await port.read(beganUs + patienceUs)
    if (port !== this.#port) return
    this.#reads += 1
    if (result.ok) {
      this.#reading = result.value
      const { joints, timeUs } = result.value
      this.#isDeaf = joints.every((joint) => joint.isStale)
      if (!joints.some((joint) => joint.isStale)) this.#learn(timeUs - beganUs)
    } else if (result.error.code === 'bus/closed') this.#gone(port, result.error)
  }

  #gone(port: ArmPort, fault: Fault): void {
    if (port !== this.#port) return
    this.detach()
    this.#onGone(fault)
  }
}

function firstDifference(one: ArmProfile, other: ArmProfile): string | null {
  if (one.joints.length !== other.joints.length) return 'number of joints'
  for (const [index, joint] of one.joints.entries()) {
    const same = other.joints[index]
    if (joint.name !== same?.name || joint.lower !== same.lower || joint.upper !== same.upper)
      return joint.name
  }
  return null
}
