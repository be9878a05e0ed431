import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorldDescription } from '#contract/services/sim.ts'
import { Physics } from '#host/sim/physics/mujoco.ts'
import { so101PairMjcf } from '#host/sim/scene/so101-pair.ts'
import { describeWorld } from '#host/sim/scene/world-description.ts'
import { unwrap } from '#core/result.ts'
import { openHarness, type OpenHarness } from './harness/open-harness.ts'

const shots = join(import.meta.dirname, 'shots')
const follower = [0.25, 0.1, 0.5, 0.8, 0.3, 0.6]
const leader = [0.4, 0.05, 0.45, 0.8, 0.3, 0.6]

interface Bench {
  readonly world: WorldDescription
  readonly pose: readonly number[]
}

/** The real scene, with everything where it stands after a reset. */
async function simulatedBench(): Promise<Bench> {
  using physics = unwrap(await Physics.load(so101PairMjcf()))
  physics.forward()
  const [positions, turns] = [physics.data('xpos'), physics.data('xquat')]
  const pose = Array.from({ length: physics.bodyCount }, (_, body) => [
    ...positions.slice(3 * body, 3 * body + 3),
    ...turns.slice(4 * body, 4 * body + 4),
  ]).flat()
  return { world: describeWorld(physics), pose }
}

describe('the twin', () => {
  let harness: OpenHarness
  let bench: Bench
  const shot = async (name: string): Promise<Buffer> => {
    await mkdir(shots, { recursive: true })
    return harness.page.locator('.twin').screenshot({ path: join(shots, `${name}.png`) })
  }
  const show = async (world: Bench | null, theme: 'dark' | 'light'): Promise<void> => {
    await harness.page.reload()
    await harness.page.waitForFunction(() => 'harness' in globalThis)
    const pose = world?.pose ?? []
    await harness.call(
      'twin',
      { world: world?.world ?? null, pose, follower, leader: world && leader },
      theme,
    )
    await harness.until(
      () => harness.page.locator('.twin canvas').screenshot(),
      (png) => png.length > 6000,
    )
  }

  beforeAll(async () => {
    bench = await simulatedBench()
    harness = await openHarness({ fakeCameras: 0 })
  })
  afterAll(() => harness[Symbol.asyncDispose]())

  it('draws the simulated arm with cubes, bin and the leader’s ghost, in both themes', async () => {
    await show(bench, 'dark')
    const dark = await shot('twin-dark')
    await show(bench, 'light')
    const light = await shot('twin-light')
    expect(dark.equals(light)).toBe(false)
    expect(harness.errors).toEqual([])
  })

  it('draws a real arm from its link frames alone', async () => {
    await show(null, 'dark')
    expect((await shot('twin-real')).length).toBeGreaterThan(6000)
    expect(harness.errors).toEqual([])
  })

  it('drags the leader by the gripper, and releases the hand at the end', async () => {
    await show(bench, 'dark')
    const canvas = harness.page.locator('.twin canvas')
    const box = await canvas.boundingBox()
    if (box === null) throw new Error('no canvas')
    // The ring's place shows in the cursor: look for it as a hand would.
    let found: readonly [number, number] | null = null
    for (let y = 20; y < box.height && found === null; y += 20) {
      for (let x = 20; x < box.width && found === null; x += 20) {
        await harness.page.mouse.move(box.x + x, box.y + y)
        const cursor = await canvas.evaluate((element) => element.style.cursor)
        if (cursor === 'grab') found = [box.x + x, box.y + y]
      }
    }
    if (found === null) throw new Error('the gripper cannot be found with the pointer')
    const [x, y] = found
    await harness.page.mouse.down()
    await harness.page.mouse.move(x + 40, y - 30, { steps: 5 })
    await harness.page.mouse.wheel(0, -120)
    await harness.page.mouse.up()
    const calls = await harness.until(
      () => harness.call('twinCalls'),
      (got) => got.some((call) => call.name === 'releaseHand'),
    )
    const drags = calls.filter((call) => call.name === 'dragTo')
    expect(drags.length).toBeGreaterThan(0)
    expect(drags.at(-1)?.argument).toEqual({
      position: [expect.any(Number), expect.any(Number), expect.closeTo(0.1, 0)],
    })
    expect(calls.find((call) => call.name === 'jog')?.argument).toMatchObject({ gripper: 0.08 })
    expect(calls.at(-1)?.name).toBe('releaseHand')
  })

  it('keeps drawing after the graphics context was lost and given back', async () => {
    await show(bench, 'dark')
    await harness.page.evaluate(async () => {
      const canvas = document.querySelector('.twin canvas')
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas')
      const lose = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')
      const restored = new Promise((done) =>
        canvas.addEventListener('webglcontextrestored', done, { once: true }),
      )
      lose?.loseContext()
      setTimeout(() => lose?.restoreContext(), 100)
      await restored
    })
    await harness.until(
      () => harness.page.locator('.twin canvas').screenshot(),
      (png) => png.length > 6000,
    )
  })
})
