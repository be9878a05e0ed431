import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { RigConfig } from '#contract/services/rig.ts'
import { HoldFile } from '#host/rig/drive/hold-file.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'

const since = '2026-11-24T08:00:00.000Z'
const rigOn = (port: RigConfig['follower']['port']): RigConfig => ({
  name: 'bench',
  robotType: 'so_follower',
  follower: { port, calibrationPath: null },
  leader: null,
  cameras: [],
  fps: 30,
})
const real = rigOn({ kind: 'serial', path: '/dev/ttyACM0', baud: 1_000_000 })
const simulated = rigOn({ kind: 'simulated' })

async function leftBy(rig: RigConfig, dataDir: string, run: string): Promise<HoldFile> {
  const file = new HoldFile(dataDir)
  file.concern(rig, run)
  await file.write({ since, why: 'powered' })
  return new HoldFile(dataDir)
}

describe('the note that torque was left on', () => {
  it('names the real arm to any later run, until torque is off', async () => {
    using folder = temporaryFolder()
    const file = await leftBy(real, folder.path, 'run 1')
    expect(await file.left('run 1')).toEqual({ rig: real, since })
    expect(await file.left('run 2')).toEqual({ rig: real, since })
    await file.clear()
    expect(await file.left('run 2')).toBeUndefined()
  })

  it('names a simulated arm only to the run it lives in', async () => {
    using folder = temporaryFolder()
    const file = await leftBy(simulated, folder.path, 'run 1')
    expect(await file.left('run 1')).toEqual({ rig: simulated, since })
    expect(await file.left('run 2')).toBeUndefined()
  })

  it('of an older version names none, and one whose rig makes no sense keeps its time', async () => {
    using folder = temporaryFolder()
    const file = new HoldFile(folder.path)
    const path = join(folder.path, 'hold-since.json')
    await writeFile(path, JSON.stringify({ since, why: 'quit' }))
    expect(await file.left('run')).toBeUndefined()
    await writeFile(path, JSON.stringify({ since, why: 'quit', rig: 7 }))
    expect(await file.left('run')).toBeUndefined()
    expect(await file.read()).toMatchObject({ since, why: 'quit' })
  })
})
