import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FaultError, ok } from '#core/result.ts'
import type { PictureSource, PictureWish } from '#host/policy/picture-source.ts'
import { PolicyDesk } from '#host/policy/policy-desk.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { createLog } from '#host/shared/log.ts'
import { FakePolicyServer } from '#test/fakes/fake-policy-server.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'
import { chunkAnswer, observation, remoteManifest } from './remote-fixtures.ts'

let home: TemporaryFolder
let server: FakePolicyServer
let desk: PolicyDesk
let wished: PictureWish | null = null
let nowUs = 0

const pictures: PictureSource = {
  wish: (wanted) => {
    wished = wanted
  },
  at: () => ok({ present: observation.pictures, past: {}, ageMs: 12 }),
}

beforeEach(async () => {
  home = temporaryFolder()
  server = await FakePolicyServer.start({ answer: () => chunkAnswer() })
  const folder = join(home.path, 'own', 'far')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'remote.json'), JSON.stringify({ ...remoteManifest, address: server.address }))
  desk = new PolicyDesk({
    folders: {
      shipped: join(home.path, 'shipped'),
      own: join(home.path, 'own'),
      resourcesDir: home.path,
    },
    settingsDir: join(home.path, 'settings'),
    providers: new ProviderDesk([]),
    clock: () => (nowUs += 1000),
    log: createLog(),
    pictures,
    foresight: null,
    later: () => ({ [Symbol.dispose]: () => undefined }),
  })
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  home[Symbol.dispose]()
})

const infer = () =>
  desk.infer(
    {
      policyId: 'own/far',
      timeUs: 77,
      state: Float32Array.of(12.5, 40),
      extras: { 'sim.cube': Float32Array.of(1, 2, 3) },
      task: '',
      guide: null,
    },
    new AbortController().signal,
  )
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no fault',
    (error: unknown) => (error instanceof FaultError ? error.fault.code : error),
  )

describe('a remote policy on the desk of the policy host', () => {
  it('is listed, warmed up, shown pictures and measured by stage like any other', async () => {
    expect(await desk.list()).toMatchObject([{ id: 'own/far', kind: 'openpi', fault: null }])
    await desk.load('own/far')
    expect(desk.state()).toMatchObject({ status: 'warm', provider: server.address, fault: null })
    expect(wished).toMatchObject({ need: { side: null, historyTicks: 0 }, cameras: { front: 'front' } })
    const chunk = await infer()
    expect([...chunk.actions]).toEqual([1, 2, 3, 4])
    expect(Object.keys(chunk.stagesMs).toSorted()).toEqual([
      'captureAge',
      'infer',
      'network',
      'preprocess',
      'queue',
    ])
  })

  it('is not warm where its server is not there, and the list says why', async () => {
    await server[Symbol.asyncDispose]()
    expect(await codeOf(desk.load('own/far'))).toBe('policy/remote-unreachable')
    expect(desk.state()).toMatchObject({ status: 'failed', fault: { code: 'policy/remote-unreachable' } })
    expect((await desk.list())[0]?.fault?.code).toBe('policy/remote-unreachable')
    server = await FakePolicyServer.start()
  })

  it('answers with a fault while its server is gone, which never becomes a chunk', async () => {
    await desk.load('own/far')
    server.become({
      answer: (_question, socket) => {
        socket.terminate()
        return null
      },
    })
    expect(await codeOf(infer())).toBe('policy/remote-unreachable')
    expect(await codeOf(infer())).toBe('policy/remote-unreachable')
    expect(desk.state()).toMatchObject({ status: 'warm', fault: { code: 'policy/remote-unreachable' } })
  })
})
