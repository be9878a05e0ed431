import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataTable, defaultColumns } from '#core/dataset/episode-data.ts'
import {
  type EpisodeRecord,
  episodeRecord,
  episodeRecordColumns,
  episodeTable,
} from '#core/dataset/episode-table.ts'
import { type EpisodeEvidence, evidenceColumns, parseEvidence } from '#core/dataset/evidence.ts'
import { insertRows, renumberEpisodes } from '#core/dataset/renumber.ts'
import {
  appendRows,
  columnValues,
  filterRows,
  makeTable,
  sameColumns,
  type Table,
} from '#core/dataset/table.ts'
import { sources, type Source } from '#core/control/mode.ts'
import { measureSurprise, measureTake, takeColumns, type TakeContent } from '#core/dataset/take-evidence.ts'
import { parseTasks, tasksTable } from '#core/dataset/tasks-table.ts'
import { numericStats } from '#core/dataset/stats.ts'
import { unwrap } from '#core/result.ts'

const evidence: EpisodeEvidence = {
  takeId: 't1',
  recordedAt: '2026-01-02T03:04:05.000Z',
  operator: 'Ada',
  policy: 'hover',
  outcome: 'partial',
  isClosedEarly: true,
  closeReason: 'bus/closed',
  rigHash: 'r',
  calibrationHash: 'c',
  achievedHz: 29.9,
  tickHz: 199.8,
  staleRows: 2,
  repeats: { front: 3 },
  skewP50Ms: 4.5,
  skewP95Ms: 9.25,
  clockUncertaintyUs: 130,
  surprise: null,
  seconds: { hold: 1, human: 2, policy: 3, blend: 0.5 },
}
const features = {
  action: { dtype: 'float32', shape: [2], names: ['a', 'b'] },
  'observation.images.front': { dtype: 'video', shape: [4, 4, 3], names: ['height', 'width', 'channels'] },
  flag: { dtype: 'bool', shape: [1], names: null },
  index: { dtype: 'int64', shape: [1], names: null },
  episode_index: { dtype: 'int64', shape: [1], names: null },
}
const slot = { chunkIndex: 0, fileIndex: 3 }

function row(episodeIndex: number, fromIndex: number, length: number): Table {
  const record: EpisodeRecord = {
    episodeIndex,
    tasks: ['sort'],
    length,
    data: slot,
    fromIndex,
    toIndex: fromIndex + length,
    videos: { 'observation.images.front': { slot, fromTimestamp: 0, toTimestamp: length / 30 } },
    meta: slot,
  }
  const counting = numericStats(
    Array.from({ length }, (_, i) => fromIndex + i),
    1,
  )
  const stats = {
    action: numericStats([1, 2, 3, 4], 2),
    flag: numericStats([0, 1], 1),
    index: counting,
    episode_index: numericStats([episodeIndex], 1),
  }
  return episodeTable(record, features, stats, evidence)
}

const rowOf = (table: Table, i: number) => Object.fromEntries(table.columns.map((c) => [c.name, c.values[i]]))

describe('evidence', () => {
  it('comes back from the columns it went into', () => {
    const surprised = { ...evidence, surprise: { max: 0.41, mean: 0.08 } }
    const calm = { ...evidence, surprise: { max: null, mean: null } }
    for (const one of [evidence, surprised, calm])
      expect(parseEvidence(rowOf(makeTable(evidenceColumns(one)), 0))).toEqual(one)
  })

  it('is absent in rows of other programs, and unlabelled where the label is unknown', () => {
    expect(parseEvidence({ episode_index: 0n })).toBeNull()
    expect(parseEvidence({ 'foresight.take_id': 't', 'foresight.outcome': 'great' })?.outcome).toBe(
      'unlabelled',
    )
  })
})

describe('episode rows', () => {
  it('give back the episode they describe', () => {
    const table = row(4, 100, 20)
    const keys = ['observation.images.front']
    expect(episodeRecord(rowOf(table, 0), keys, slot)).toMatchObject({
      episodeIndex: 4,
      fromIndex: 100,
      toIndex: 120,
      tasks: ['sort'],
    })
    for (const name of episodeRecordColumns(keys)) expect(columnValues(table, name)).toBeDefined()
    expect(episodeRecord({ episode_index: 1n }, keys, slot)).toBeNull()
  })

  it('have all ten statistics of every feature, nulls for a camera that was not sampled', () => {
    const table = row(0, 0, 2)
    for (const key of Object.keys(features)) {
      const stats = table.columns.filter((c) => c.name.startsWith(`stats/${key}/`))
      expect(stats).toHaveLength(10)
      if (key === 'observation.images.front') expect(stats.every((c) => c.values[0] === null)).toBe(true)
    }
    expect(columnValues(table, 'stats/flag/min')?.[0]).toEqual([0])
    expect(columnValues(table, 'stats/action/count')?.[0]).toEqual([2n])
  })

  it('are renumbered and back without a trace', () => {
    const table = appendRows(row(4, 100, 20), row(5, 120, 7))
    const by = { episodes: -1, frames: -33 }
    const moved = renumberEpisodes(table, 1, by)
    expect(rowOf(moved, 0)).toEqual(rowOf(table, 0))
    expect(rowOf(moved, 1)).toMatchObject({
      episode_index: 4n,
      dataset_from_index: 87n,
      dataset_to_index: 94n,
      'stats/index/min': [87],
      'stats/episode_index/max': [4],
    })
    expect(rowOf(moved, 1)['stats/index/std']).toEqual(rowOf(table, 1)['stats/index/std'])
    expect(renumberEpisodes(moved, 1, { episodes: 1, frames: 33 })).toEqual(table)
  })

  it('are taken out and put back at their place', () => {
    const rows = [row(0, 0, 3), row(1, 3, 4), row(2, 7, 5)]
    const table = rows.reduce(appendRows)
    fc.assert(
      fc.property(fc.nat({ max: 2 }), (at) => {
        const without = filterRows(table, (i) => i !== at)
        expect(without.rowCount).toBe(2)
        expect(
          insertRows(
            without,
            at,
            filterRows(table, (i) => i === at),
          ),
        ).toEqual(table)
      }),
    )
  })
})

describe('tables', () => {
  const column = (name: string, values: unknown[]) => ({ name, type: 'int64' as const, listDepth: 0, values })

  it('have columns of one length', () => {
    expect(() => makeTable([column('a', [1n]), column('b', [])])).toThrow(RangeError)
  })

  it('are alike when their columns are, in any order', () => {
    const ab = makeTable([column('a', [1n]), column('b', [2n])])
    expect(sameColumns(ab, makeTable([column('b', []), column('a', [])]))).toBe(true)
    expect(sameColumns(ab, makeTable([column('a', [])]))).toBe(false)
  })
})

describe('tasks', () => {
  it("carry pandas' index in their metadata and come back by number", () => {
    const table = tasksTable(['sort', 'stack'])
    expect(JSON.parse(table.keyValues['pandas'] ?? '{}')).toMatchObject({ index_columns: ['task'] })
    expect(unwrap(parseTasks(table))).toEqual(['sort', 'stack'])
  })

  it('come from the unnamed index of older files, and from rows in any order', () => {
    const old = makeTable([
      { name: 'task_index', type: 'int64', listDepth: 0, values: [1n, 0n] },
      { name: '__index_level_0__', type: 'string', listDepth: 0, values: ['stack', 'sort'] },
    ])
    expect(unwrap(parseTasks(old))).toEqual(['sort', 'stack'])
    expect(parseTasks(makeTable([]))).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
  })
})

describe('data rows', () => {
  it('hold features in their order without pictures, timestamps by definition', () => {
    const numbers = { episodeIndex: 2, fromIndex: 50, taskIndex: 1, length: 3, fps: 30 }
    const columns = {
      ...defaultColumns(numbers),
      action: Float32Array.from([1, 2, 3, 4, 5, 6]),
      flag: Uint8Array.from([0, 1, 0]),
    }
    const table = dataTable(features, columns)
    expect(table.columns.map((c) => c.name)).toEqual(['action', 'flag', 'index', 'episode_index'])
    expect(columnValues(table, 'action')?.[1]).toEqual([3, 4])
    expect(columnValues(table, 'flag')).toEqual([false, true, false])
    expect(Array.from(defaultColumns(numbers)['timestamp'] ?? [], Number)).toEqual(
      [0, 1 / 30, 2 / 30].map(Math.fround),
    )
    expect(() => dataTable(features, {})).toThrow('no values')
  })
})

describe('evidence of a take', () => {
  const content: TakeContent = {
    t0Us: 1_000_000,
    fps: 10,
    rows: Array.from({ length: 20 }, (_, frame) => ({
      frame,
      readUs: 1_000_000 + frame * 100_000 - 2000,
      ticks: frame === 0 ? 0 : 20,
      source: frame < 5 ? 1 : 2,
      isIntervention: frame === 3,
      isStale: frame === 7,
      state: [1, 2],
      action: [3, 4],
      requested: [5, 6],
      side: [7],
    })),
    cameras: {
      front: Array.from({ length: 20 }, (_, frame) => ({
        frame,
        offset: 0,
        size: 1,
        captureUs: 1_000_000 + frame * 100_000 - (frame === 19 ? 52_000 : 12_000),
        uncertaintyUs: frame,
        isKey: true,
        isRepeat: frame === 8,
        sampleCrc: 0,
      })),
    },
  }

  it('is measured from its rows and pictures', () => {
    expect(measureTake(content)).toEqual({
      achievedHz: 9,
      tickHz: 200,
      staleRows: 1,
      repeats: { front: 1 },
      skewP50Ms: 10,
      skewP95Ms: 10,
      clockUncertaintyUs: 19,
      seconds: { hold: 0, human: 0.5, policy: 1.5, blend: 0 },
    })
  })

  it('tells the surprise of those rows that have one while the policy drove, and null where rows have no place for it', () => {
    const channels = [
      { key: 'sim.x', names: ['x', 'y'] },
      { key: 'foresight.surprise', names: ['score'] },
    ]
    const [row] = content.rows
    if (row === undefined) throw new Error('no row')
    const rowsWith = (scores: readonly number[], source: Source = 'policy') =>
      scores.map((score) => ({ ...row, source: sources.indexOf(source), side: [1, 2, score] }))
    expect(measureSurprise(rowsWith([-1, 0.25, 0.75]), channels)).toEqual({ max: 0.75, mean: 0.5 })
    expect(measureSurprise(rowsWith([-1]), channels)).toEqual({ max: null, mean: null })
    const all = [...rowsWith([0.9], 'human'), ...rowsWith([0.8], 'hold'), ...rowsWith([0.3, 0.1], 'blend')]
    expect(measureSurprise(all, channels)).toEqual({ max: 0.3, mean: 0.2 })
    expect(measureSurprise(content.rows, [{ key: 'sim.x', names: ['x'] }])).toBeNull()
  })

  it('keeps true times as nanoseconds after the first grid time', () => {
    const columns = takeColumns(content, 2, [{ key: 'sim.x', names: ['x'] }])
    expect(columns['foresight.read_ns']?.[1]).toBe(98_000_000n)
    expect(columns['foresight.capture_ns.front']?.[0]).toBe(-12_000_000n)
    expect(columns['foresight.source']?.[4]).toBe(1n)
    expect(columns['intervention']?.[3]).toBe(1)
    expect(columns['sim.x']?.[0]).toBe(7)
    expect(Array.from(columns['action'] ?? [], Number).slice(0, 2)).toEqual([3, 4])
  })
})
