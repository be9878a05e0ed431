import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkStarts, OpenLoop } from '#core/policy/open-loop.ts'

const recorded = (frames: number, width: number, value = 0): OpenLoop =>
  new OpenLoop({
    frames,
    width,
    actions: new Float64Array(frames * width).fill(value),
    isGripper: Array.from({ length: width }, (_, channel) => channel === width - 1),
  })

const chunk = (length: number, width: number, value: number): Float32Array =>
  new Float32Array(length * width).fill(value)

describe('open-loop evaluation', () => {
  it('asks at every stride from the first frame on', () => {
    expect(chunkStarts(7, 3)).toEqual([0, 3, 6])
    expect(chunkStarts(0, 3)).toEqual([])
    expect(chunkStarts(2, 50)).toEqual([0])
  })

  it('compares each frame with the newest chunk that covers it, whatever the order of arrival', () => {
    const inOrder = recorded(6, 2)
    const reversed = recorded(6, 2)
    const [early, late] = [chunk(6, 2, 1), chunk(6, 2, 2)]
    for (const [start, actions] of [
      [0, early],
      [3, late],
    ] as const)
      expect(inOrder.add(start, actions, 6, 2).ok).toBe(true)
    reversed.add(3, late, 6, 2)
    reversed.add(0, early, 6, 2)
    expect([...inOrder.predicted]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    expect([...reversed.predicted]).toEqual([...inOrder.predicted])
    expect([0, 2, 3, 5].map((frame) => inOrder.startOf(frame))).toEqual([0, 0, 3, 3])
  })

  it('averages over frames and channels alike, joints and gripper apart', () => {
    const open = recorded(2, 3)
    open.add(0, [1, 1, 3, 1, 1, 3], 2, 3)
    expect(open.score()).toEqual({
      frames: 2,
      mse: (4 * 1 + 2 * 9) / 6,
      mseJoints: 1,
      mseGripper: 9,
      mae: (4 * 1 + 2 * 3) / 6,
      mseByChannel: [1, 1, 9],
    })
  })

  it('counts as upstream does: 14 joints at 1.29e-5 and two grippers at 8.6e-5 are 2.2e-5', () => {
    const isGripper = Array.from({ length: 16 }, (_, channel) => channel === 7 || channel === 15)
    const open = new OpenLoop({ frames: 1, width: 16, actions: new Float64Array(16), isGripper })
    open.add(
      0,
      isGripper.map((grips) => Math.sqrt(grips ? 8.6e-5 : 1.29e-5)),
      1,
      16,
    )
    expect(open.score().mse).toBeCloseTo(2.2e-5, 6)
  })

  it('leaves out what no chunk covers and what was not recorded', () => {
    const open = recorded(5, 2)
    open.add(0, chunk(2, 2, 1), 2, 2)
    open.recording.actions[1] = Number.NaN
    expect(open.score()).toMatchObject({ frames: 2, mse: 1, mseGripper: 1 })
    expect(open.startOf(4)).toBeNull()
    expect(recorded(3, 2).score()).toMatchObject({ frames: 0, mse: null, mae: null })
  })

  it('refuses chunks of another width and chunks that are not finite, and keeps what it had', () => {
    const open = recorded(4, 2)
    expect(open.add(0, chunk(4, 3, 1), 4, 3)).toMatchObject({
      ok: false,
      error: { code: 'policy/wrong-shape' },
    })
    const bad = chunk(4, 2, 1)
    bad[5] = Number.NaN
    expect(open.add(0, bad, 4, 2)).toMatchObject({ ok: false, error: { code: 'policy/not-finite' } })
    expect(open.score().frames).toBe(0)
  })

  it('is zero exactly where the policy says what was recorded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 }), (frames, stride) => {
        const open = recorded(frames, 2, 0.25)
        for (const start of chunkStarts(frames, stride)) open.add(start, chunk(20, 2, 0.25), 20, 2)
        expect(open.score()).toMatchObject({ frames, mse: 0, mae: 0 })
      }),
    )
  })
})
