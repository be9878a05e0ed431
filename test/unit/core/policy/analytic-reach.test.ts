import { readFile } from 'node:fs/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { gripperPitchRad, toolPose } from '#core/arm/kinematics.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { analyticReach, analyticReachManifest, buildAnalyticReach } from '#core/policy/analytic-reach.ts'
import { parseManifest } from '#core/policy/manifest.ts'

const folder = new URL('../../../../resources/policies/analytic-reach/', import.meta.url)
const degrees = 180 / Math.PI
const scales = [degrees, degrees, degrees, degrees, degrees, 100]

let session: InferenceSession
beforeAll(async () => {
  session = await InferenceSession.create(buildAnalyticReach(), { intraOpNumThreads: 1 })
})
afterAll(() => session.release())

/** The chunk in program units, from a pose in program units. */
async function chunkFor(pose: JointVector, cubeM: readonly [number, number, number]): Promise<JointVector[]> {
  const state = Float32Array.from(pose, (value, joint) => value * (scales[joint] ?? 1))
  const { action } = await session.run({
    'observation.state': new Tensor('float32', state, [1, 6]),
    'sim.red_cube_m': new Tensor('float32', Float32Array.from(cubeM), [1, 3]),
  })
  const rows = action?.data as Float32Array
  return Array.from({ length: analyticReach.chunkLength }, (_, step) =>
    scales.map((scale, joint) => (rows[step * 6 + joint] ?? Number.NaN) / scale),
  )
}

/** Where the arm ends when it follows chunk after chunk. */
async function settle(from: JointVector, cubeM: readonly [number, number, number]): Promise<JointVector> {
  let pose = from
  for (let round = 0; round < 8; round++) pose = (await chunkFor(pose, cubeM)).at(-1) ?? pose
  return pose
}

const rest: JointVector = [0, -1.6, 1.6, 1.1, 0, 0.1]

describe('the analytic demo policy', () => {
  it('is committed exactly as its generator writes it', async () => {
    const [model, manifest] = await Promise.all([
      readFile(new URL('policy.onnx', folder)),
      readFile(new URL('manifest.json', folder), 'utf8'),
    ])
    expect(new Uint8Array(model)).toEqual(buildAnalyticReach())
    expect(parseManifest(manifest)).toEqual({ ok: true, value: analyticReachManifest })
  })

  it('says in every place that it is not learned', () => {
    expect(analyticReachManifest.learned).toBe(false)
    expect(analyticReachManifest.name).toContain('not learned')
    expect(analyticReachManifest.description).toContain('not learned')
    expect(Buffer.from(buildAnalyticReach()).includes('not learned')).toBe(true)
  })

  it('ends with the tool point above the cube, wherever the cube lies within reach', async () => {
    for (const distanceM of [0.16, 0.2, 0.24, 0.28, 0.32]) {
      for (const bearing of [-1.2, -0.4, 0, 0.7, 1.3]) {
        const cube = [distanceM * Math.cos(bearing), distanceM * Math.sin(bearing), 0.0125] as const
        const { positionM } = toolPose(await settle(rest, cube))
        const hover = [cube[0], cube[1], cube[2] + analyticReach.hoverM] as const
        expect(Math.hypot(...positionM.map((value, axis) => value - (hover[axis] ?? 0)))).toBeLessThan(0.004)
      }
    }
  })

  it('points the gripper down near the base and opens it', async () => {
    const pose = await settle(rest, [0.18, 0, 0.0125])
    expect(gripperPitchRad(pose)).toBeCloseTo(Math.PI / 2, 1)
    expect(pose[5]).toBeCloseTo(analyticReach.gripperOpening, 2)
  })

  it('stays finite and inside the joint ranges for a cube out of reach, behind, or on the pan axis', async () => {
    for (const cube of [
      [1.5, 0, 0],
      [-0.3, 0, 0.2],
      [0.0388, 0, 0.1],
      [0.05, 0.01, -0.4],
      [0, 0, 2],
    ] as const) {
      const pose = await settle(rest, cube)
      so101Follower.joints.forEach((joint, index) => {
        expect(pose[index]).toBeGreaterThanOrEqual(joint.lower - 1e-3)
        expect(pose[index]).toBeLessThanOrEqual(joint.upper + 1e-3)
      })
    }
  })

  it('begins near the present pose and never steps faster than its speed', async () => {
    const steps = await chunkFor(rest, [0.25, -0.15, 0.0125])
    const stepRad = analyticReach.speedRadPerS / analyticReach.fps
    const travel = (from: JointVector, to: JointVector): number =>
      Math.max(
        ...so101Follower.joints.map(
          (joint, index) => Math.abs((to[index] ?? 0) - (from[index] ?? 0)) * joint.radPerUnit,
        ),
      )
    expect(travel(rest, steps[0] ?? [])).toBeLessThanOrEqual(analyticReach.leadSteps * stepRad + 1e-4)
    for (const [index, step] of steps.slice(1).entries()) {
      expect(travel(steps[index] ?? [], step)).toBeLessThanOrEqual(stepRad + 1e-4)
    }
  })

  it('plans on from any of its own steps as it had planned before', async () => {
    const cube = [0.22, 0.1, 0.0125] as const
    const first = await chunkFor(rest, cube)
    const again = await chunkFor(first[20] ?? [], cube)
    const leadSteps = analyticReach.leadSteps
    again.slice(0, 20).forEach((step, index) => {
      step.forEach((value, joint) =>
        expect(value).toBeCloseTo(first[20 + leadSteps + index]?.[joint] ?? 0, 3),
      )
    })
  })
})
