/** The demo that the tests and the first-run button rest on: a cube grasped by contact ends in the bin. */
import { describe, expect, it } from 'vitest'
import { joints } from '#host/sim/scene/joints.ts'
import { isInBin, type CubeName } from '#host/sim/scene/layout.ts'
import { TestBench } from './bench.ts'

async function play(seed: number, cube: CubeName, spread?: number, patienceS = 90) {
  using bench = await TestBench.create()
  bench.world.resetCubes(spread)
  bench.configureFollower()
  bench.driver.startOperator(seed, cube)
  const trace: number[][] = []
  let fastest = 0
  let before = bench.leader
  for (let waited = 0; waited < patienceS && bench.driver.report().isRunning; waited += 0.1) {
    bench.run(0.1, () => bench.mirror())
    const now = bench.leader
    for (const [j, value] of now.entries())
      fastest = Math.max(fastest, (Math.abs(value - (before[j] ?? 0)) * (joints[j]?.radPerUnit ?? 1)) / 0.1)
    before = now
    trace.push(now)
  }
  return { report: bench.driver.report(), cubeM: bench.world.cubeM(cube), trace, fastest }
}

describe('the scripted operator', () => {
  for (const [seed, cube, spread] of [
    [1, 'red', undefined],
    [2, 'green', undefined],
    [4, 'red', 4],
    [5, 'yellow', 5],
  ] as const)
    it(`puts the ${cube} cube in the bin (seed ${seed}${spread === undefined ? '' : ', cubes spread'})`, async () => {
      const { report, cubeM, fastest } = await play(seed, cube, spread)
      expect(report.phase).toBe('done')
      expect(isInBin(cubeM)).toBe(true)
      expect(report.cubesInBin).toContain(cube)
      expect(fastest).toBeLessThan(2.5)
    })

  it('moves the same way for the same seed and another way for another', async () => {
    const [one, again, other] = [
      await play(8, 'red', undefined, 6),
      await play(8, 'red', undefined, 6),
      await play(9, 'red', undefined, 6),
    ]
    expect(again.trace).toEqual(one.trace)
    expect(other.trace).not.toEqual(one.trace)
  })

  it('waits, leader still, for a follower that does not follow', async () => {
    using bench = await TestBench.create()
    bench.driver.jog({ delta: [0.05, 0, 0.05], pitchRad: 0, rollRad: 0, gripper: 0.5 })
    bench.run(3)
    const before = bench.leader
    bench.driver.startOperator(1, 'red')
    bench.run(5)
    expect(bench.driver.report()).toMatchObject({ isRunning: true, phase: 'waiting', attempts: 0 })
    for (const [j, value] of bench.leader.entries()) expect(value).toBeCloseTo(before[j] ?? NaN, 1)
  })

  it('stops and waits in the middle when the follower stops following, and goes on when it follows again', async () => {
    using bench = await TestBench.create()
    bench.configureFollower()
    bench.driver.startOperator(1, 'red')
    bench.run(1)
    bench.run(10)
    expect(bench.driver.report()).toMatchObject({ isRunning: true, phase: 'raising' })
    bench.run(40, () => bench.mirror())
    expect(bench.driver.report()).toMatchObject({ phase: 'done', cubesInBin: ['red'] })
  })

  it('tries again when the cube is taken away from the gripper', async () => {
    using bench = await TestBench.create()
    bench.configureFollower()
    bench.driver.startOperator(1, 'red')
    let isTaken = false
    bench.run(60, () => {
      bench.mirror()
      if (!isTaken && bench.driver.report().phase === 'carrying') {
        isTaken = true
        bench.world.resetCubes()
      }
    })
    expect(isTaken).toBe(true)
    expect(bench.driver.report()).toMatchObject({ phase: 'done', attempts: 2 })
  })

  it('stops where it is when told to, and keeps holding the leader', async () => {
    using bench = await TestBench.create()
    bench.configureFollower()
    bench.driver.startOperator(1, 'red')
    bench.run(3, () => bench.mirror())
    bench.driver.stopOperator()
    bench.run(1, () => bench.mirror())
    const before = bench.leader
    bench.run(2, () => bench.mirror())
    expect(bench.driver.report().isRunning).toBe(false)
    for (const [j, value] of bench.leader.entries()) expect(value).toBeCloseTo(before[j] ?? NaN, 2)
  })
})
