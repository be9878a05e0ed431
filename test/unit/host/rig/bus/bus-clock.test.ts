import { describe, expect, it } from 'vitest'
import { processBusClock } from '#host/rig/bus/bus-clock.ts'

/** A clock that moves only when it is looked at. */
const steppingClock = (stepUs: number) => {
  let nowUs = 0
  return () => (nowUs += stepUs)
}

describe('the bus clock of a process', () => {
  it('never calls before the time has come', async () => {
    const nowUs = steppingClock(100)
    const clock = processBusClock(nowUs)
    const calledUs = await new Promise<number>((resolve) => clock.callAt(1000, () => resolve(nowUs())))
    expect(calledUs).toBeGreaterThanOrEqual(1000)
    expect(calledUs).toBeLessThan(1500)
  })

  it('calls in order of time, a time in the past first', async () => {
    const clock = processBusClock()
    const calls: string[] = []
    const startUs = clock.nowUs()
    await new Promise<void>((resolve) => {
      clock.callAt(startUs + 4000, () => {
        calls.push('later')
        resolve()
      })
      clock.callAt(startUs + 500, () => calls.push('soon'))
      clock.callAt(startUs - 1000, () => calls.push('past'))
    })
    expect(calls).toEqual(['past', 'soon', 'later'])
  })

  it('does not call when disposed, in either stage of waiting', async () => {
    const clock = processBusClock()
    const calls: string[] = []
    const startUs = clock.nowUs()
    const far = clock.callAt(startUs + 5000, () => calls.push('far'))
    const near = clock.callAt(startUs + 700, () => calls.push('near'))
    await new Promise<void>((resolve) => clock.afterIo(() => clock.afterIo(resolve)))
    far[Symbol.dispose]()
    near[Symbol.dispose]()
    await new Promise<void>((resolve) => clock.callAt(startUs + 6000, resolve))
    expect(calls).toEqual([])
  })
})
