/** A bus that loses packets at random, below what stops the arm: several tries fit into the time after which a servo counts as silent. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { VirtualPair } from '#test/fakes/virtual-pair.ts'

let pair: VirtualPair
beforeEach(async () => {
  pair = await VirtualPair.start()
})
afterEach(() => pair[Symbol.asyncDispose]())

it('three in a hundred packets lost on both buses: the hand drives on for twenty seconds, inside the limits', async () => {
  await pair.engaged()
  pair.hand((s) => [0.4 * Math.sin(s * 1.5), 0.3 + 0.2 * Math.sin(s), -0.2, 0, 0, 0.2])
  for (const bus of ['follower', 'leader'] as const)
    unwrap(await pair.faults.set({ bus, kind: 'drop', amount: 0.03 }))
  await pair.pass(20)
  expect(pair.session.mode).toBe('teleop')
  expect(pair.state.follower?.bus.timeouts).toBeGreaterThan(50)
  expect(pair.session.measured.monitor.violations).toEqual([])
})
