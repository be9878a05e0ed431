import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { cubeArea } from '#host/sim/scene/layout.ts'
import { movingTarget } from '#host/sim/scene/moving-target.ts'
import { SimWorld } from '#host/sim/sim-world.ts'

describe('the moving target', () => {
  it('stays on the reachable table and is never faster than a slow conveyor', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1e9 }), (seed, timeUs) => {
        const { position, velocity } = movingTarget(seed)(timeUs)
        const [x, y] = position
        expect(x).toBeGreaterThanOrEqual(cubeArea.xM[0] - 1e-9)
        expect(x).toBeLessThanOrEqual(cubeArea.xM[1] + 1e-9)
        expect(y).toBeGreaterThanOrEqual(cubeArea.yM[0] - 1e-9)
        expect(y).toBeLessThanOrEqual(cubeArea.yM[1] + 1e-9)
        expect(Math.hypot(...velocity)).toBeLessThan(0.08)
      }),
    )
  })

  it('takes the same way for the same seed, and moves with simulated time alone', async () => {
    using world = unwrap(await SimWorld.create())
    world.moveTarget(5)
    world.advanceTo(1_000_000)
    const there = world.cubeM('red')
    const { position } = movingTarget(5)(1_000_000)
    expect(there[0]).toBeCloseTo(position[0], 3)
    expect(there[1]).toBeCloseTo(position[1], 3)
    world.moveTarget(null)
    world.advanceTo(2_000_000)
    const left = world.cubeM('red')
    world.advanceTo(3_000_000)
    expect(Math.hypot(world.cubeM('red')[0] - left[0], world.cubeM('red')[1] - left[1])).toBeLessThan(0.005)
  })
})
