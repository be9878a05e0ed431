import { describe, expect, it } from 'vitest'
import type { ArmReading } from '#core/arm/arm-reading.ts'
import type { Result } from '#core/result.ts'
import { ArmSeat } from '#host/rig/loop/arm-seat.ts'
import { FakeArmPort } from '#test/fakes/fake-arm-port.ts'
import { FakeClock } from '#test/fakes/fake-clock.ts'
import { testProfile, zero } from '../../../core/control/core-rig.ts'

const usualUs = 12_000

/** An arm whose answers take their time, and that is left alone once nobody waits for them. */
class SlowPort extends FakeArmPort {
  passUs = 2000
  patienceUs = 0
  readonly #fakeClock: FakeClock

  constructor(clock: FakeClock) {
    super(testProfile, zero, clock.now)
    this.#fakeClock = clock
  }

  override read(deadlineUs = 0): Promise<Result<ArmReading>> {
    this.patienceUs = deadlineUs - this.#fakeClock.nowUs
    const isHeard = this.passUs <= this.patienceUs
    this.silent = new Set(isHeard ? [] : testProfile.joints.keys())
    this.#fakeClock.advance(Math.min(this.passUs, this.patienceUs))
    return super.read()
  }
}

function seated() {
  const clock = new FakeClock()
  const port = new SlowPort(clock)
  const seat = new ArmSeat(testProfile, () => undefined)
  seat.attach(port)
  const passes = async (count: number): Promise<void> => {
    for (let pass = 0; pass < count; pass++) await seat.read(clock.nowUs, usualUs)
  }
  return { clock, port, seat, passes }
}

describe('an arm in its seat', () => {
  it('whose answers come quickly is not waited for any longer than usual', async () => {
    const { port, passes } = seated()
    await passes(50)
    expect(port.patienceUs).toBe(usualUs)
  })

  it('whose answers an adapter holds back is read all the same, and waited for twice as long as they take', async () => {
    const { port, seat, passes } = seated()
    await passes(1)
    port.passUs = 14_000
    await passes(30)
    expect(seat.reading?.joints.some((joint) => joint.isStale)).toBe(false)
    expect(port.patienceUs).toBeGreaterThan(25_000)
    expect(port.patienceUs).toBeLessThanOrEqual(28_000)
  })

  it('is never waited for so long that one lost answer would make it silent', async () => {
    const { port, passes } = seated()
    port.passUs = 28_000
    await passes(60)
    expect(port.patienceUs).toBe(30_000)
  })

  it('that becomes quick again is waited for as usual again', async () => {
    const { port, passes } = seated()
    port.passUs = 10_000
    await passes(30)
    port.passUs = 2000
    await passes(60)
    expect(port.patienceUs).toBe(usualUs)
  })

  it('gets more time while its torque is being switched', async () => {
    const { port, seat, passes } = seated()
    port.isTorqueHeld = true
    seat.torque.obey({ wanted: 'on', request: 1, cap: null })
    await passes(1)
    expect(port.patienceUs).toBe(usualUs + 20_000)
  })

  it('has no share of lost packets before it was read twenty times', async () => {
    const { clock, port, seat, passes } = seated()
    port.lostFraction = zero.map(() => 0.5)
    await passes(19)
    expect(seat.link(clock.nowUs).lostFraction).toEqual([])
    await passes(1)
    expect(seat.link(clock.nowUs).lostFraction).toEqual(port.lostFraction)
  })
})
