/** A person's work on the simulated pair: the scripted operator brings a cube to the bin through leader, loop and follower. */
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { VirtualPair } from '#test/fakes/virtual-pair.ts'

describe('the scripted operator through the control loop', () => {
  it('brings the red cube to the bin with nothing but its gripper’s overload to warn of, and every goal on the wire obeys the limits', async () => {
    await using pair = await VirtualPair.start()
    const operator = pair.operate(1, 'red')
    await pair.pass(0.3)
    unwrap(await pair.ask(pair.session.engage({ keepClearAcknowledged: true })))
    await pair.until('teleop')
    const warnings = new Set<string>()
    for (let second = 0; second < 90 && !operator.report().cubesInBin.includes('red'); second++) {
      await pair.pass(1)
      for (const { code, joint } of pair.state.warnings) warnings.add(`${code} ${joint}`)
      expect(pair.session.mode, JSON.stringify(pair.state.cause)).toBe('teleop')
    }
    expect(operator.report().cubesInBin).toContain('red')
    warnings.delete('control/servo-overload gripper')
    expect([...warnings]).toEqual([])
    expect(pair.session.measured.monitor.violations).toEqual([])
    expect(pair.wireMonitor.violations).toEqual([])
    expect(pair.state.lagMs).toBeLessThan(5)
  })
})
