import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultExecutorSettings } from '#core/control/executor-settings.ts'
import { ExecutorStore } from '#host/rig/policy/executor-store.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'foresight-executor-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

describe('how chunks follow each other', () => {
  it('is remembered, the last choice of several', async () => {
    const store = new ExecutorStore(dataDir)
    const sync = { ...defaultExecutorSettings, mode: 'sync', syncRows: 20 } as const
    await Promise.all([store.write(defaultExecutorSettings), store.write(sync)])
    expect(await new ExecutorStore(dataDir).read()).toEqual(sync)
  })

  it.each([
    ['nothing was chosen', null],
    ['the file was cut off', '{"mode": "as'],
    ['it names a way that does not exist', JSON.stringify({ ...defaultExecutorSettings, mode: 'leap' })],
  ])('is the default where %s', async (_, text) => {
    if (text !== null) await writeFile(join(dataDir, 'executor.json'), text)
    expect(await new ExecutorStore(dataDir).read()).toEqual(defaultExecutorSettings)
  })
})
