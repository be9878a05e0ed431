import { describe, expect, it } from 'vitest'
import { ClockSync } from '#renderer/app/clock-sync.ts'
import { ManualTimers, settle } from '#test/fakes/manual-timers.ts'

const aheadUs = 7_000_000

function setUp() {
  const timers = new ManualTimers()
  const clock = new ClockSync(timers)
  let pings = 0
  let isAway = false
  const measuring = clock.measure(
    {
      ping: async ({ clientUs }: { clientUs: number }) => {
        pings += 1
        if (isAway) throw new Error('away')
        return { clientUs, rigUs: timers.nowMs() * 1000 + aheadUs }
      },
    } as never,
    () => undefined,
  )
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 20) {
      timers.advance(20)
      await settle(6)
    }
  }
  return { timers, clock, run, measuring, pings: () => pings, leave: () => (isAway = true) }
}

describe('ClockSync', () => {
  it('knows nothing before the first answer', () => {
    expect(new ClockSync(new ManualTimers()).nowRigUs()).toBeNull()
  })

  it('finds how far the rig clock is ahead, with a bound that holds', async () => {
    const { clock, timers, run } = setUp()
    await run(1000)
    const offset = clock.offset()
    expect(Math.abs((offset?.offsetUs ?? 0) - aheadUs)).toBeLessThanOrEqual(offset?.uncertaintyUs ?? 0)
    expect(clock.nowRigUs()).toBeCloseTo(timers.nowMs() * 1000 + aheadUs, -3)
  })

  it('asks often at first and twice a second later', async () => {
    const { run, pings } = setUp()
    await run(1000)
    const early = pings()
    await run(5000)
    expect(early).toBeGreaterThanOrEqual(8)
    expect(pings() - early).toBeLessThanOrEqual(11)
  })

  it('keeps asking a rig host that is away, and keeps what it knew', async () => {
    const { run, pings, leave, clock } = setUp()
    await run(1000)
    leave()
    const before = pings()
    await run(1000)
    expect(pings()).toBeGreaterThan(before)
    expect(clock.nowRigUs()).not.toBeNull()
  })

  it('stops when its session ends', async () => {
    const { run, pings, measuring } = setUp()
    await run(200)
    measuring[Symbol.dispose]()
    const before = pings()
    await run(3000)
    expect(pings()).toBe(before)
  })
})
