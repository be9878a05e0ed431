import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTable } from '#core/dataset/table.ts'
import { findRuns, warmPlaces } from '#host/shared/dataset/known-places.ts'
import { encodeParquet } from '#host/shared/dataset/parquet-encode.ts'

const run = (first: number) => [{ column: 'index', first, step: 1 as const }]

const file = (first: number, rows: number, before = 0): Uint8Array => {
  const column = (name: string, value: (row: number) => bigint) =>
    ({
      name,
      type: 'int64',
      listDepth: 0,
      values: Array.from({ length: rows }, (_, row) => value(row)),
    }) as const
  const others = Array.from({ length: before }, (_, at) => column(`other${at}`, () => 7n))
  return encodeParquet(makeTable([...others, column('index', (row) => BigInt(first + row))]))
}

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresight-places-'))
  path = join(folder, 'file.parquet')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('places of numbers in files seen before', () => {
  it('are the same as when the file is looked at anew', () => {
    writeFileSync(path, file(5, 40))
    const first = findRuns(path, run(5))
    expect(first).toHaveLength(1)
    expect(findRuns(path, run(5))).toEqual(first)
  })

  it('are looked for anew in a file of other values or another layout, even of the same size', () => {
    writeFileSync(path, file(5, 40))
    const first = findRuns(path, run(5))
    writeFileSync(path, file(9, 40))
    expect(findRuns(path, run(5))).toBeNull()
    expect(findRuns(path, run(9))).toEqual(first)
    writeFileSync(path, file(9, 40, 2))
    const moved = findRuns(path, run(9))
    expect(moved).toHaveLength(1)
    expect(moved).not.toEqual(first)
  })

  it('are nothing to rely on: a file that is gone is an error of the system', async () => {
    writeFileSync(path, file(5, 4))
    await warmPlaces([{ path, runs: run(5) }])
    rmSync(path)
    expect(() => findRuns(path, run(5))).toThrow('ENOENT')
    await expect(warmPlaces([{ path: join(folder, 'none'), runs: run(0) }])).resolves.toBeUndefined()
  })
})
