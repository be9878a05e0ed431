import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelValue } from '#renderer/review/episode/joint-row.tsx'
import { episodeModel, eventFrom } from '#renderer/review/episode/episode-model.ts'
import { jointScale } from '#renderer/review/episode/joint-scale.ts'
import { laneHalfMs, pictureTiming, worstOffsetMs } from '#renderer/review/episode/picture-timing.ts'
import { sourceAt, sourceSegments } from '#renderer/review/episode/source-segments.ts'
import { timingText } from '#renderer/review/episode/pictures.tsx'
import { reviewMessages } from '#renderer/review/messages.ts'
import { column, foreignDetail, ownDetail } from '../episodes.ts'

describe('an episode recorded here', () => {
  const model = episodeModel(ownDetail())

  it('has its joints with what was measured, asked and sent', () => {
    const [pan, gripper] = model.channels
    expect(pan?.joint).toBe('shoulder_pan')
    expect([...(pan?.state ?? [])]).toEqual([0, 4, 7, 9])
    expect([...(pan?.requested ?? [])]).toEqual([0, 30, 8, 9])
    expect([...(pan?.sent ?? [])]).toEqual([0, 5, 8, 9])
    expect(gripper?.unit).toBe('')
  })

  it('shows degrees in the range of the robot, the same in every episode', () => {
    const [pan] = model.channels
    expect(pan).toMatchObject({ unit: '°', isAuto: false })
    expect(pan?.upper).toBeCloseTo(110, 0)
    expect(pan === undefined ? '' : channelValue(pan, 1)).toBe('4.0°')
  })

  it('knows who drove and where that changed', () => {
    expect(model.segments).toEqual([
      { source: 'human', from: 0, to: 2 },
      { source: 'policy', from: 2, to: 4 },
    ])
    expect(model.events).toEqual([2])
  })

  it('measures each picture against the joints of its row', () => {
    const [front] = model.timing
    expect(front?.camera).toBe('front')
    expect([...(front?.offsetMs ?? [])].map(Math.round)).toEqual([-3, -2, -35, 2])
    expect([...(front?.isRepeat ?? [])]).toEqual([0, 0, 1, 0])
  })
})

describe('an episode of another program', () => {
  const model = episodeModel(foreignDetail())

  it('claims no unit and no range that it does not know', () => {
    expect(model.channels[0]).toMatchObject({ unit: '', isAuto: true, sent: null })
    expect(model.channels[0]?.requested).not.toBeNull()
  })

  it('has no lane for what it does not say', () => {
    expect(model.segments).toEqual([])
    expect(model.timing).toEqual([])
    expect(model.events).toEqual([])
  })

  it('is drawn from its actions where it has no state', () => {
    const detail = foreignDetail()
    const withoutState = { ...detail, columns: detail.columns.filter(({ name }) => name === 'action') }
    const [pan] = episodeModel(withoutState).channels
    expect(Number.isNaN(pan?.state[0])).toBe(true)
    expect(pan?.requested?.[0]).toBe(1)
    expect(pan === undefined ? 'no joint' : channelValue(pan, 0)).toBe('')
  })

  it('matches joints by name when action and state are in another order', () => {
    const detail = foreignDetail()
    const action = column(
      'action',
      ['gripper.pos', 'shoulder_pan.pos'],
      [
        [7, 1],
        [7, 1],
        [7, 1],
        [7, 1],
      ],
    )
    const columns = detail.columns.map((old) => (old.name === 'action' ? action : old))
    expect(episodeModel({ ...detail, columns }).channels[0]?.requested?.[0]).toBe(1)
  })
})

describe('segments', () => {
  it('cover every row once, in order, with one source each', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), (codes) => {
        const segments = sourceSegments(codes)
        let at = 0
        for (const { from, to } of segments) {
          expect(from).toBe(at)
          expect(new Set(codes.slice(from, to)).size).toBe(1)
          at = to
        }
        expect(at).toBe(codes.length)
        for (const [a, b] of segments.slice(1).map((segment, index) => [segments[index], segment]))
          expect(a?.source).not.toBe(b?.source)
      }),
    )
  })

  it('leave out rows whose source nobody knows', () => {
    const segments = sourceSegments([1, 9, 1])
    expect(segments).toEqual([
      { source: 'human', from: 0, to: 1 },
      { source: 'human', from: 2, to: 3 },
    ])
    expect(sourceAt(segments, 1)).toBeNull()
    expect(sourceAt(segments, 2)).toBe('human')
  })
})

describe('events', () => {
  it('are found in both directions and end at the ends', () => {
    expect(eventFrom([10, 20], 10, 1)).toBe(20)
    expect(eventFrom([10, 20], 10, -1)).toBeNull()
    expect(eventFrom([10, 20], 15, -1)).toBe(10)
    expect(eventFrom([10, 20], 20, 1)).toBeNull()
  })
})

describe('picture times', () => {
  it('name the camera that is furthest from the joints', () => {
    const front = pictureTiming('front', [1e6, 2e6], [2e6, 2e6])
    const top = pictureTiming('top', [5e6, 2e6], [2e6, 2e6])
    expect(worstOffsetMs([front, top], 0)).toBe(3)
    expect(worstOffsetMs([front, top], 1)).toBe(0)
    expect(worstOffsetMs([], 0)).toBeNull()
  })

  it('have a lane that is never narrower than 10 ms, so that noise looks like noise', () => {
    expect(laneHalfMs([pictureTiming('front', [1e6], [2e6])])).toBe(10)
    expect(laneHalfMs([pictureTiming('front', [41e6], [1e6])])).toBe(40)
  })

  it('are said in words', () => {
    const { en } = reviewMessages
    const timing = pictureTiming('front', [1e6, 5e6, 5e6], [4e6, 5e6, 2e6])
    expect(timingText(timing, 0, en)).toBe('taken 3 ms early')
    expect(timingText(timing, 1, en)).toBe('taken with the joints')
    expect(timingText(timing, 2, en)).toBe('taken 3 ms late · repeated')
    expect(timingText(undefined, 0, en)).toBe('')
    expect(timingText(timing, 9, en)).toBe('')
  })
})

describe('the axis of a joint', () => {
  it('is widened, never cut, when the data goes beyond the robot', () => {
    const scale = jointScale('gripper', true, [Float64Array.from([-4, 103])])
    expect(scale).toMatchObject({ lower: -4, upper: 103, isAuto: false })
  })

  it('holds all values of an unknown joint, and a flat one in its middle', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const { lower, upper } = jointScale('tail', false, [Float64Array.from(values)])
        expect(lower).toBeLessThan(Math.min(...values))
        expect(upper).toBeGreaterThan(Math.max(...values))
      }),
    )
  })

  it('exists even where there are no values', () => {
    const { lower, upper } = jointScale('tail', false, [null, Float64Array.from([Number.NaN])])
    expect(lower).toBeLessThan(upper)
  })
})
