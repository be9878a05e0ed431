/** The physics scene, the kinematics and the picture are the same arm. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { parseCalibration, serialiseCalibration } from '#core/arm/calibration.ts'
import { linkPoses, toolPose } from '#core/arm/kinematics.ts'
import { so101Links } from '#core/arm/so101-geometry.ts'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import { worldDescription } from '#contract/services/sim.ts'
import { anglesOf, joints, positionOf } from '#host/sim/scene/joints.ts'
import { armBaseM, armNames, cubeArea, cubeNames } from '#host/sim/scene/layout.ts'
import { cubePlaces } from '#host/sim/scene/cube-places.ts'
import { so101PairMjcf } from '#host/sim/scene/so101-pair.ts'
import { describeWorld } from '#host/sim/scene/world-description.ts'
import { calibrationFor } from '#host/sim/servo/servo-set.ts'
import { SimWorld } from '#host/sim/sim-world.ts'
import { unwrap } from '#core/result.ts'

const resources = '../../../../resources/scenes'
let world: SimWorld

beforeAll(async () => {
  world = unwrap(await SimWorld.create())
})
afterAll(() => world[Symbol.dispose]())

const anyPosition = fc.tuple(
  ...joints.map(({ lower, upper }) => fc.double({ min: lower, max: upper, noNaN: true })),
)

describe('the scene', () => {
  it('is committed as it is generated', async () => {
    await expect(so101PairMjcf()).toMatchFileSnapshot(`${resources}/so101-pair.xml`)
  })

  it('puts every link of both arms where the kinematics say', () => {
    const body = (name: string): number => world.physics.indexOf('body', name)
    fc.assert(
      fc.property(anyPosition, (position) => {
        for (const arm of armNames) world.arms[arm].place(anglesOf(position))
        world.physics.forward()
        const poses = world.bodyPoses()
        const expected = linkPoses(position)
        for (const arm of armNames)
          for (const { name } of so101Links)
            for (const k of [0, 1, 2] as const)
              expect(poses[body(`${arm}_${name}`) * 7 + k]).toBeCloseTo(
                armBaseM[arm][k] + expected[name].positionM[k],
                6,
              )
        const site = world.physics.indexOf('site', 'follower_tool')
        expect(world.physics.data('site_xpos')[site * 3 + 2]).toBeCloseTo(toolPose(position).positionM[2], 6)
      }),
      { numRuns: 50 },
    )
  })

  it('translates joint vectors to angles and back', () => {
    fc.assert(
      fc.property(anyPosition, (position) => {
        for (const [index, value] of positionOf(anglesOf(position)).entries())
          expect(value).toBeCloseTo(position[index] ?? NaN, 9)
      }),
    )
  })

  it('is described to pages completely and in the contract’s form', () => {
    const description = worldDescription.parse(describeWorld(world.physics))
    expect(description.bodies).toHaveLength(world.bodyPoses().length / 7)
    expect(description.geoms.every((geom) => geom.body < description.bodies.length)).toBe(true)
    expect(description.cameras.map((camera) => camera.name)).toEqual(
      expect.arrayContaining(['front', 'top', 'wrist']),
    )
    expect(description.jointNames).toEqual(joints.map((joint) => joint.name))
  })

  it('ships calibration files in LeRobot’s form that fit both arms', async () => {
    for (const [arm, profile] of [
      ['leader', so101Leader],
      ['follower', so101Follower],
    ] as const) {
      const text = serialiseCalibration(calibrationFor(arm))
      await expect(text).toMatchFileSnapshot(`${resources}/calibration/${arm}.json`)
      expect(unwrap(parseCalibration(text, profile))).toEqual(calibrationFor(arm))
    }
  })

  it('spreads cubes by a seed: repeatable, within reach and never touching', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const places = cubePlaces(seed)
        expect(cubePlaces(seed)).toEqual(places)
        for (const name of cubeNames) {
          const [x, y] = places[name].position
          expect(x).toBeGreaterThanOrEqual(cubeArea.xM[0])
          expect(x).toBeLessThanOrEqual(cubeArea.xM[1])
          expect(y).toBeGreaterThanOrEqual(cubeArea.yM[0])
          expect(y).toBeLessThanOrEqual(cubeArea.yM[1])
          for (const other of cubeNames) {
            if (other === name) continue
            const [ox, oy] = places[other].position
            expect(Math.hypot(x - ox, y - oy)).toBeGreaterThan(cubeArea.apartM)
          }
        }
      }),
    )
  })
})
