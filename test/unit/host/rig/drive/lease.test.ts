import { describe, expect, it } from 'vitest'
import { Lease } from '#host/rig/drive/lease.ts'
import { FakeClock } from '#test/fakes/fake-clock.ts'

const make = () => {
  const clock = new FakeClock()
  const state = { isDriving: false }
  return { clock, state, lease: new Lease(clock.now, () => state.isDriving) }
}
const focused = { hasFocus: true, hasOtherStop: false }

describe('lease', () => {
  it('goes to the first page that asks, and not to a second one while the first is alive', () => {
    const { clock, lease } = make()
    expect(lease.claim('a', 'bench', false)).toEqual({ isGranted: true, holder: 'bench' })
    clock.advance(250_000)
    expect(lease.claim('b', 'laptop', false)).toEqual({ isGranted: false, holder: 'bench' })
    expect(lease.guard('b')).toMatchObject({ code: 'control/not-leased', data: { holder: 'bench' } })
    expect(lease.guard('a')).toBeNull()
  })

  it('goes to another page when the holder is silent, or by force when it only watches', () => {
    const { clock, lease } = make()
    lease.claim('a', 'bench', false)
    expect(lease.claim('b', 'laptop', true).isGranted).toBe(true)
    clock.advance(301_000)
    expect(lease.claim('c', 'phone', false).isGranted).toBe(true)
    expect(lease.heartbeat('b', focused)).toEqual({ isHolder: false })
    expect(lease.heartbeat('c', focused)).toEqual({ isHolder: true })
  })

  it('changes hands never while an arm is driven, not even when the driving page has just gone', () => {
    const { state, lease, clock } = make()
    lease.claim('a', 'bench', false)
    state.isDriving = true
    expect(lease.claim('b', 'laptop', true).isGranted).toBe(false)
    lease.release('a')
    expect(lease.view(clock.nowUs).silentUs).toBe(Number.POSITIVE_INFINITY)
    expect(lease.claim('b', 'laptop', true)).toEqual({ isGranted: false, holder: null })
    state.isDriving = false
    expect(lease.claim('b', 'laptop', false).isGranted).toBe(true)
    expect(lease.view(clock.nowUs)).toEqual({ silentUs: 0, deafUs: 0 })
  })

  it('measures silence from the last beat, and deafness from the last beat that could stop', () => {
    const { clock, lease } = make()
    lease.claim('a', 'bench', false)
    clock.advance(100_000)
    lease.heartbeat('a', { hasFocus: false, hasOtherStop: false })
    expect(lease.view(clock.nowUs)).toEqual({ silentUs: 0, deafUs: 100_000 })
    lease.heartbeat('a', { hasFocus: false, hasOtherStop: true })
    expect(lease.view(clock.nowUs)).toEqual({ silentUs: 0, deafUs: 0 })
    clock.advance(50_000)
    expect(lease.view(clock.nowUs)).toEqual({ silentUs: 50_000, deafUs: 50_000 })
  })

  it('is not given up by a page that does not hold it, and claiming again does not count as a beat', () => {
    const { clock, lease } = make()
    lease.claim('a', 'bench', false)
    lease.release('b')
    clock.advance(200_000)
    lease.claim('a', 'bench', false)
    expect(lease.view(clock.nowUs).silentUs).toBe(200_000)
  })
})
