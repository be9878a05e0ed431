import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterCounts, shownEpisodes } from '#renderer/review/filters.ts'
import { lengthText, sizeText } from '#renderer/review/figures.ts'
import { all, chosen, fitted, isChosen, picked, stepped, type Selection } from '#renderer/review/selection.ts'
import { sourceShares } from '#renderer/review/source-bar.tsx'
import { whileDown } from '#renderer/review/while-down.ts'
import { ManualTimers } from '#test/fakes/manual-timers.ts'
import { episode, foreign } from './episodes.ts'

const list = ['a', 'b', 'c', 'd', 'e']

describe('a selection', () => {
  it('moves as one row and stops at the ends', () => {
    expect(stepped({ anchor: 0, cursor: 0 }, -1, 5, false)).toEqual({ anchor: 0, cursor: 0 })
    expect(stepped({ anchor: 1, cursor: 4 }, 1, 5, false)).toEqual({ anchor: 4, cursor: 4 })
  })

  it('grows from its anchor in both directions', () => {
    const start: Selection = { anchor: 2, cursor: 2 }
    expect(chosen(stepped(start, -2, 5, true), list)).toEqual(['a', 'b', 'c'])
    expect(chosen(stepped(start, 1, 5, true), list)).toEqual(['c', 'd'])
    expect(chosen(picked(4, start, true), list)).toEqual(['c', 'd', 'e'])
    expect(chosen(picked(4, start, false), list)).toEqual(['e'])
    expect(chosen(all(5), list)).toEqual(list)
  })

  it('stays inside whatever happens to the list', () => {
    const steps = fc.array(fc.record({ step: fc.integer({ min: -9, max: 9 }), isExtending: fc.boolean() }))
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (moves, before, after) => {
          let selection: Selection = { anchor: 0, cursor: 0 }
          for (const { step, isExtending } of moves) selection = stepped(selection, step, before, isExtending)
          const now = fitted(selection, after)
          expect(now.cursor).toBeGreaterThanOrEqual(0)
          expect(now.cursor).toBeLessThan(after)
          expect(isChosen(now, now.cursor)).toBe(true)
        },
      ),
    )
  })

  it('has nothing to choose from an empty list', () => {
    expect(chosen(fitted({ anchor: 3, cursor: 3 }, 0), [])).toEqual([])
  })
})

describe('the list as shown', () => {
  const episodes = [
    episode(0, { outcome: 'success' }),
    episode(1, { outcome: 'failure', sourceSeconds: { hold: 0, human: 4, policy: 0, blend: 0 } }),
    foreign(2),
  ]

  it('is newest first', () => {
    expect(shownEpisodes(episodes, 'all').map((e) => e.episodeIndex)).toEqual([2, 1, 0])
    expect(shownEpisodes(null, 'all')).toEqual([])
  })

  it('can be those without a label, with the policy, or failed', () => {
    expect(shownEpisodes(episodes, 'unlabelled').map((e) => e.episodeIndex)).toEqual([2])
    expect(shownEpisodes(episodes, 'policy').map((e) => e.episodeIndex)).toEqual([0])
    expect(shownEpisodes(episodes, 'failed').map((e) => e.episodeIndex)).toEqual([1])
  })

  it('offers only filters that would show something', () => {
    expect(filterCounts([episode(0, { outcome: 'success', sourceSeconds: null })])).toEqual([
      { filter: 'all', count: 1 },
    ])
    expect(filterCounts(episodes).map(({ filter }) => filter)).toEqual([
      'all',
      'unlabelled',
      'policy',
      'failed',
    ])
  })
})

describe('who drove, in the list', () => {
  it('adds up to the whole, without what was not there', () => {
    const shares = sourceShares(episode(0))
    expect(shares.map(({ source }) => source)).toEqual(['human', 'policy', 'blend'])
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  it('is nothing where it was not recorded', () => {
    expect(sourceShares(foreign(0))).toEqual([])
    expect(sourceShares({ sourceSeconds: { hold: 0, human: 0, policy: 0, blend: 0 } })).toEqual([])
  })
})

describe('figures', () => {
  it.each([
    [0, '0.0 s'],
    [14.23, '14.2 s'],
    [862, '14 min 22 s'],
    [4080, '1 h 8 min'],
  ])('write %i seconds as %s', (seconds, text) => expect(lengthText(seconds)).toBe(text))

  it.each([
    [900, '1 kB'],
    [4_200_000, '4 MB'],
    [7_250_000_000, '7.3 GB'],
  ])('write %i bytes as %s', (bytes, text) => expect(sizeText(bytes)).toBe(text))
})

describe('a key that is held', () => {
  it('acts once at once, rests, and then repeats until it is let go', () => {
    const timers = new ManualTimers()
    let acts = 0
    const held = whileDown(timers, 50, () => (acts += 1))
    expect(acts).toBe(1)
    timers.advance(340)
    expect(acts).toBe(1)
    timers.advance(110)
    expect(acts).toBe(3)
    held[Symbol.dispose]()
    timers.advance(1000)
    expect(acts).toBe(3)
    expect(timers.waiting).toBe(0)
  })
})
