/** Settings survive crashes, hand edits and full disks. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '#host/shared/log.ts'
import { defaultSettings } from '#main/settings/settings-file.ts'
import { openSettings, type SettingsStore } from '#main/settings/settings-store.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'

let folder: TemporaryFolder
let path: string
beforeEach(() => {
  folder = temporaryFolder()
  path = join(folder.path, 'settings.json')
})
afterEach(() => folder[Symbol.dispose]())

const open = (): SettingsStore => openSettings(folder.path, createLog())
const kept = (): string[] => readdirSync(folder.path).filter((name) => name.startsWith('settings.json.bad-'))

describe('settings', () => {
  it('are the defaults when there is no file, and write none until something changes', () => {
    expect(open().current).toEqual(defaultSettings)
    expect(readdirSync(folder.path)).toEqual([])
  })

  it('are there after a restart', async () => {
    await open().change({ operator: 'Ada', keys: { engage: 'ctrl+e' } })
    expect(open().current).toEqual({ ...defaultSettings, operator: 'Ada', keys: { engage: 'ctrl+e' } })
    expect(kept()).toEqual([])
  })

  it('tell followers now and after each change, in order', async () => {
    const store = open()
    const seen: string[] = []
    using _following = store.follow(({ operator }) => void seen.push(operator))
    await Promise.all([store.change({ operator: 'a' }), store.change({ operator: 'b' })])
    expect(seen).toEqual(['', 'a', 'b'])
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ operator: 'b' })
  })

  it.each(['{ "version": 1, "operator": ', '[]', '{"version": 2, "operator": "Ada"}', ''])(
    'keep the damaged file %j and start from the defaults',
    (text) => {
      writeFileSync(path, text)
      expect(open().current).toEqual(defaultSettings)
      expect(kept()).toHaveLength(1)
      expect(readFileSync(join(folder.path, kept()[0] ?? ''), 'utf8')).toBe(text)
    },
  )

  it('use every good field of a file with a bad one, and keep the file', () => {
    writeFileSync(path, JSON.stringify({ version: 1, operator: 'Ada', theme: 'pink', unknown: 1 }))
    expect(open().current).toEqual({ ...defaultSettings, operator: 'Ada' })
    expect(kept()).toHaveLength(1)
  })

  it('take defaults for fields that an older version did not have', () => {
    writeFileSync(path, JSON.stringify({ version: 1, operator: 'Ada' }))
    expect(open().current).toEqual({ ...defaultSettings, operator: 'Ada' })
    expect(kept()).toEqual([])
  })

  it('say so when the disk refuses, change nothing, and work again later', async () => {
    const store = open()
    // A folder in the place of the temporary file refuses for every user, root included.
    mkdirSync(`${path}.tmp`)
    await expect(store.change({ operator: 'Ada' })).rejects.toMatchObject({ fault: { code: 'shell/io' } })
    expect(store.current.operator).toBe('')
  })
})
