import { describe, expect, it } from 'vitest'
import {
  lastKnownTake,
  nextTakeNumber,
  takeModel,
  type TakeTimes,
} from '#renderer/operate/control-bar/take-model.ts'
import { operateMessages } from '#renderer/operate/messages.ts'
import { openTake, recordState, sessionOf } from '#test/fakes/page-states.ts'

const t = operateMessages.en
const times = (changes: Partial<TakeTimes> = {}): TakeTimes => ({
  nowRigUs: 60_000_000,
  nowMs: 10_000,
  countdownEndsMs: null,
  resetSinceMs: null,
  ...changes,
})

describe('the clock of the take', () => {
  it('runs on the rig clock while frames are written', () => {
    const record = recordState({ phase: 'recording', take: openTake({ t0Us: 47_600_000 }) })
    expect(takeModel(record, times(), t)).toEqual({
      phase: 'recording',
      clock: '00:12.4',
      first: 'RECORDING',
      second: 'Take 24 of 50',
    })
  })

  it('falls back to the recorder’s seconds while the offset is unknown', () => {
    const record = recordState({ phase: 'recording', take: openTake({ seconds: 3.2 }) })
    expect(takeModel(record, times({ nowRigUs: null }), t).clock).toBe('00:03.2')
  })

  it('never shows a negative time before the first frame', () => {
    const record = recordState({ phase: 'recording', take: openTake({ t0Us: 61_000_000 }) })
    expect(takeModel(record, times(), t).clock).toBe('00:00.0')
  })

  it('says that a closed take is over and safe', () => {
    const record = recordState({ phase: 'closed', take: openTake({ seconds: 18.2 }) })
    expect(takeModel(record, times(), t)).toMatchObject({
      phase: 'closed',
      clock: '00:18.2',
      first: 'TAKE 24 CLOSED',
      second: 'safe on disk',
    })
  })

  it('counts down 3 2 1', () => {
    const at = (leftMs: number): string =>
      takeModel(recordState(), times({ countdownEndsMs: 10_000 + leftMs }), t).clock
    expect([at(3000), at(2001), at(2000), at(400)]).toEqual(['3', '3', '2', '1'])
  })

  it('shows saving while files are closed, then the scene to reset with its own clock', () => {
    const saving = recordState({ saving: [{ takeId: 'a', number: 24 }] })
    expect(takeModel(saving, times({ resetSinceMs: 4000 }), t).phase).toBe('saving')
    expect(takeModel(recordState(), times({ resetSinceMs: 4000 }), t)).toMatchObject({
      phase: 'reset',
      clock: '00:06.0',
      second: 'Next: take 24 of 50',
    })
  })

  it('stands still and grey otherwise', () => {
    expect(takeModel(recordState(), times(), t)).toMatchObject({ phase: 'off', clock: '00:00.0' })
    expect(takeModel(null, times(), t).phase).toBe('off')
    expect(takeModel(recordState({ phase: 'none', dataset: null }), times(), t).second).toBe(t.noDataset)
  })

  it('leaves out a goal that nobody set', () => {
    expect(takeModel(recordState({ goal: null }), times(), t).second).toBe('Next: take 24')
  })

  it('shows no running clock while nobody answers', () => {
    const record = recordState({ phase: 'recording', take: openTake() })
    expect(lastKnownTake(record, t)).toMatchObject({ phase: 'off', first: 'Last known', clock: '00:12.4' })
  })
})

describe('the number of the next take', () => {
  it('counts on from the highest, discarded ones included', () => {
    expect(nextTakeNumber(recordState({ session: [] }))).toBe(1)
    const session = sessionOf(5).map((entry, index) =>
      index === 4 ? { ...entry, state: 'trash' as const } : entry,
    )
    expect(nextTakeNumber(recordState({ session }))).toBe(6)
  })
})
