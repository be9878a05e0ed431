import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CliIo } from '#cli/command.ts'
import { trashCommand } from '#cli/commands/trash.ts'

let dataDir: string
let answers: unknown[]
let texts: string[]
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'foresight-trash-'))
  answers = []
  texts = []
  for (const folder of folders) {
    mkdirSync(join(dataDir, folder), { recursive: true })
    writeFileSync(join(dataDir, folder, 'file'), 'x'.repeat(1000))
  }
  mkdirSync(join(dataDir, 'datasets/kept/data'), { recursive: true })
  mkdirSync(join(dataDir, 'datasets/kept/meta'))
  writeFileSync(join(dataDir, 'datasets/kept/meta/info.json'), '{}')
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const folders = ['trash/takes/00000001-a', 'policies/.trash/old', 'datasets/kept/.trash/1']

const io = (): CliIo =>
  ({
    dataDir,
    answer: (value: unknown, text: () => string) => {
      answers.push(value)
      texts.push(text())
    },
    misuse: () => 2,
    fail: () => 1,
  }) as unknown as CliIo
const run = (...args: string[]) => trashCommand.run(args, io())
const areThere = () => folders.map((folder) => existsSync(join(dataDir, folder)))

describe('foresight trash', () => {
  it('lists takes, episodes and policies with their size, and removes nothing', async () => {
    expect(await run()).toBe(0)
    const [answer] = answers as { items: { kind: string; sizeBytes: number }[]; isEmptied: boolean }[]
    expect(answer?.items.map(({ kind }) => kind).toSorted()).toEqual(['episode', 'policy', 'take'])
    expect(answer?.items.map(({ sizeBytes }) => sizeBytes)).toEqual([1000, 1000, 1000])
    expect(texts[0]).toContain('3 in the trash')
    expect(areThere()).toEqual([true, true, true])
  })

  it('removes all of it for good when told to, and nothing beside it', async () => {
    expect(await run('--empty')).toBe(0)
    expect(texts[0]).toBe('3 removed, 0.0 MB freed')
    expect(areThere()).toEqual([false, false, false])
    expect(existsSync(join(dataDir, 'datasets/kept/data'))).toBe(true)
    expect(existsSync(join(dataDir, 'datasets/kept/.foresight/lock'))).toBe(false)
  })

  it('leaves what came later than the days it is given', async () => {
    expect(await run('--empty', '--older-than', '1')).toBe(0)
    expect(texts[0]).toBe('0 removed, 0.0 MB freed')
    expect(areThere()).toEqual([true, true, true])
  })

  it('is empty in a data folder that is not there yet', async () => {
    rmSync(dataDir, { recursive: true })
    expect(await run()).toBe(0)
    expect(answers).toEqual([{ items: [], isEmptied: false }])
  })

  it.each([[['x']], [['--older-than', '-1']], [['--older-than', 'soon']]])(
    'refuses the arguments %j',
    async (args) => {
      expect(await run(...args)).toBe(2)
    },
  )
})
