/** Log files rotate, a refusing disk is counted, and a problem report names nobody. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogLine } from '#contract/services/host.ts'
import { openLogFiles } from '#main/logs/log-files.ts'
import { problemReport } from '#main/logs/problem-report.ts'
import { appendRotating } from '#main/logs/rotating-file.ts'
import { defaultSettings } from '#main/settings/settings-file.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'

let folder: TemporaryFolder
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

const line = (message: string): LogLine => ({
  timeIso: '2026-01-01T00:00:00Z',
  level: 'info',
  area: 'bus',
  message,
})

describe('a rotating file', () => {
  it('moves on when it is full, keeps the newest files whole, drops the oldest', () => {
    const path = join(folder.path, 'x.jsonl')
    for (const text of ['one', 'two', 'six', 'ten'])
      appendRotating(path, `${text}\n`, { maxBytes: 4, keep: 2 })
    expect(readdirSync(folder.path).toSorted()).toEqual(['x.1.jsonl', 'x.2.jsonl', 'x.jsonl'])
    const texts = ['x.jsonl', 'x.1.jsonl', 'x.2.jsonl'].map((name) =>
      readFileSync(join(folder.path, name), 'utf8'),
    )
    expect(texts).toEqual(['ten\n', 'six\n', 'two\n'])
  })

  it('writes a line that is longer than a file', () => {
    const path = join(folder.path, 'x.jsonl')
    appendRotating(path, 'a long line\n', { maxBytes: 4, keep: 2 })
    expect(readFileSync(path, 'utf8')).toBe('a long line\n')
  })
})

describe('log files', () => {
  it('has one file a process, each line a JSON object, written at the latest when it is closed', () => {
    const logs = openLogFiles(folder.path)
    logs.write('rig', line('first'))
    logs.write('rig', { ...line('second'), data: { id: 3 } })
    logs.write('sim', line('other'))
    logs[Symbol.dispose]()
    const rig = readFileSync(join(folder.path, 'logs', 'rig.jsonl'), 'utf8')
      .trim()
      .split('\n')
    expect(rig.map((text) => JSON.parse(text) as LogLine)).toMatchObject([
      { message: 'first' },
      { message: 'second', data: { id: 3 } },
    ])
    expect(existsSync(join(folder.path, 'logs', 'sim.jsonl'))).toBe(true)
  })

  it('counts what the disk refuses and goes on', () => {
    writeFileSync(join(folder.path, 'logs'), 'a file where the folder should be')
    const logs = openLogFiles(folder.path)
    logs.write('rig', line('lost'))
    logs[Symbol.dispose]()
    expect(logs.lost).toBe(1)
    expect(logs.recent).toHaveLength(1)
  })

  it('remembers only the newest lines', () => {
    using logs = openLogFiles(folder.path)
    for (let index = 0; index < 500; index++) logs.write('rig', line(String(index)))
    expect(logs.recent).toHaveLength(400)
    expect(logs.recent.at(-1)?.message).toBe('499')
  })
})

describe('a problem report', () => {
  const report = problemReport({
    version: '0.1.0',
    shell: 'headless',
    platform: 'linux-x64',
    runtime: { node: '24.21.0', electron: undefined },
    hosts: [
      { name: 'rig', status: 'running', pid: 5, restarts: 2, lastExit: 'signal SIGKILL', memoryMb: 80 },
    ],
    settings: { ...defaultSettings, operator: 'Ada Lovelace', lastDataset: '/home/ada/private/cubes' },
    recent: [
      {
        ...line('opened /home/ada/data/takes/1 and /home/ada/x'),
        process: 'rig',
        data: { a: '/home/ada/y' },
      },
    ],
    lostLogLines: 0,
    dataDir: '/home/ada/data',
    homeDir: '/home/ada',
  })

  it('has versions, host states and log lines', () => {
    expect(report).toContain('Foresight 0.1.0, headless, linux-x64')
    expect(report).toContain('rig: running, restarts 2, last end signal SIGKILL, 80 MB')
    expect(report).toContain('info rig bus: opened DATA/takes/1 and ~/x {"a":"~/y"}')
  })

  it('has no name and no path of the person', () => {
    expect(report).not.toContain('Ada')
    expect(report).not.toContain('/home/ada')
    expect(report).not.toContain('private')
  })
})
