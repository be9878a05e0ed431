import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { makeTable, type TableColumn } from '#core/dataset/table.ts'
import { unwrap } from '#core/result.ts'
import { encodeParquet } from '#host/shared/dataset/parquet-encode.ts'
import { ParquetFile, readParquet } from '#host/shared/dataset/parquet-file.ts'
import { encodeRun, locateChanges, locateRuns } from '#host/shared/dataset/parquet-patch.ts'

const folder = mkdtempSync(join(tmpdir(), 'foresight-parquet-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'table.parquet')

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 8 })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const kinds: readonly {
  readonly type: TableColumn['type']
  readonly listDepth: number
  readonly value: fc.Arbitrary<unknown>
}[] = [
  { type: 'bool', listDepth: 0, value: fc.boolean() },
  { type: 'int64', listDepth: 0, value: int64 },
  { type: 'int32', listDepth: 0, value: fc.integer() },
  { type: 'float64', listDepth: 0, value: fc.double({ noNaN: true }) },
  { type: 'float32', listDepth: 0, value: fc.float({ noNaN: true }) },
  { type: 'string', listDepth: 0, value: fc.string({ unit: 'grapheme' }) },
  {
    type: 'float32',
    listDepth: 1,
    value: fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 6 }),
  },
  { type: 'int64', listDepth: 1, value: fc.array(int64, { minLength: 1, maxLength: 3 }) },
  { type: 'string', listDepth: 1, value: fc.array(fc.string(), { maxLength: 3 }) },
  {
    type: 'float64',
    listDepth: 3,
    value: fc.tuple(...[0, 1, 2].map(() => fc.double({ noNaN: true }).map((v) => [[v]]))),
  },
]
const tables = fc
  .integer({ min: 1, max: 40 })
  .chain((rows) =>
    fc
      .tuple(
        ...kinds.map(({ type, listDepth, value }, i) =>
          fc
            .array(orNull(value), { minLength: rows, maxLength: rows })
            .map((values) => ({ name: `c/${i}`, type, listDepth, values })),
        ),
      )
      .map((columns) => makeTable(columns, { note: 'kept' })),
  )

describe('parquet', () => {
  it('reads back every table it wrote: all kinds, nulls, nesting, metadata', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        writeFileSync(path, encodeParquet(table))
        expect(unwrap(await readParquet(path))).toEqual(table)
      }),
      { numRuns: 40 },
    )
  })

  it('reads a range of rows of some columns', async () => {
    const values = Array.from({ length: 500 }, (_, i) => BigInt(i))
    writeFileSync(
      path,
      encodeParquet(
        makeTable([
          { name: 'a', type: 'int64', listDepth: 0, values },
          { name: 'b', type: 'int64', listDepth: 0, values },
        ]),
      ),
    )
    await using file = unwrap(await ParquetFile.open(path))
    const part = unwrap(await file.read(['b'], { from: 120, to: 123 }))
    expect(part.columns).toEqual([{ name: 'b', type: 'int64', listDepth: 0, values: [120n, 121n, 122n] }])
    expect(file).toMatchObject({
      rowCount: 500,
      rowGroups: [500],
      createdBy: 'foresight',
      columnNames: ['a', 'b'],
    })
    expect(await file.read(['c'])).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
  })

  it('reads large files by range, too', async () => {
    const values = Array.from({ length: 700_000 }, (_, i) => BigInt(i * 7919) * 104_729n)
    writeFileSync(path, encodeParquet(makeTable([{ name: 'a', type: 'int64', listDepth: 0, values }])))
    await using file = unwrap(await ParquetFile.open(path))
    const part = unwrap(await file.read(['a'], { from: 699_998, to: 700_000 }))
    expect(part.columns[0]?.values).toEqual(values.slice(-2))
  })

  it.each([
    ['empty', new Uint8Array()],
    [
      'cut off',
      encodeParquet(makeTable([{ name: 'a', type: 'int64', listDepth: 0, values: [1n, 2n] }])).subarray(
        0,
        60,
      ),
    ],
    ['text', new Uint8Array(Buffer.from('PAR1 is not enough to be a table PAR1'))],
  ])('says of a file that is %s that it is damaged', async (_what, bytes) => {
    writeFileSync(path, bytes)
    expect(await readParquet(path)).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
  })

  it('says of a file that is not there that it is not found', async () => {
    expect(await readParquet(join(folder, 'none'))).toMatchObject({
      ok: false,
      error: { code: 'dataset/not-found' },
    })
  })
})

describe('renumbering in place', () => {
  const numbers = (from: number, length: number) => Array.from({ length }, (_, i) => BigInt(from + i))
  const file = (from: number, length: number, name = 'index') =>
    encodeParquet(
      makeTable([
        { name, type: 'int64', listDepth: 0, values: numbers(from, length) },
        {
          name: 'x',
          type: 'float32',
          listDepth: 1,
          values: numbers(0, length).map((n) => [Math.fround(Number(n) / 3)]),
        },
      ]),
    )

  it('changes the numbers and nothing else, and back to the byte', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.nat({ max: 1e9 }),
        fc.integer({ min: -1000, max: 1000 }),
        (length, from, by) => {
          const before = file(from, length)
          const places = locateRuns(before, [{ column: 'index', first: from, step: 1 }])
          const { offset, rows } = places?.[0] ?? { offset: -1, rows: 0 }
          expect(rows).toBe(length)
          const after = before.slice()
          after.set(encodeRun({ first: from + by, step: 1 }, rows), offset)
          expect(after).toEqual(file(from + by, length))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('refuses files that are laid out otherwise or hold other numbers', () => {
    const index = { column: 'index', first: 5, step: 1 } as const
    expect(locateRuns(file(5, 10), [index])).toHaveLength(1)
    expect(locateRuns(file(5, 10, 'frame_index'), [{ ...index, column: 'frame_index' }])).toBeNull()
    expect(locateRuns(file(6, 10), [index])).toBeNull()
    expect(locateRuns(file(5, 10), [{ ...index, column: 'y' }])).toBeNull()
  })

  it('finds lists of one real, too, and refuses nulls', () => {
    const name = 'stats/index/mean'
    const table = (values: unknown[]) =>
      encodeParquet(makeTable([{ name, type: 'float64', listDepth: 1, values }]))
    const before = [[1.5], [2.5]]
    const bytes = table(before)
    const [{ offset, bytes: new_ } = { offset: -1, bytes: new Uint8Array() }] =
      locateChanges(bytes, [{ column: name, before, after: [[7.5], [8.5]] }]) ?? []
    bytes.set(new_, offset)
    expect(bytes).toEqual(table([[7.5], [8.5]]))
    expect(locateChanges(bytes, [{ column: name, before, after: before }])).toBeNull()
    expect(
      locateChanges(table([[1], null]), [{ column: name, before: [[1], null], after: [[1], null] }]),
    ).toBeNull()
  })
})
