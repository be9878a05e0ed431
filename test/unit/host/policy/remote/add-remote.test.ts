import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { declaring } from '#core/policy/openpi/declaration.ts'
import { unwrap } from '#core/result.ts'
import { addRemote } from '#host/policy/remote/add-remote.ts'
import { openRemotePolicy, readRemoteManifest } from '#host/policy/remote/open-remote-policy.ts'
import { FakePolicyServer } from '#test/fakes/fake-policy-server.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'
import { chunkAnswer, observation, remoteManifest } from './remote-fixtures.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())
const home = (): string => folder.path

const declaration = {
  version: 1 as const,
  name: 'Cube',
  description: 'moves a cube',
  learned: true,
  license: 'MIT',
  contract: remoteManifest.contract,
  observation: remoteManifest.observation,
  historyTicks: 0,
}

describe('adding a policy on a server', () => {
  it('needs nothing typed for a Foresight server, which declares its contract', async () => {
    await using server = await FakePolicyServer.start({
      greet: declaring(declaration),
      answer: () => chunkAnswer(),
    })
    const ownDir = join(home(), 'declared')
    const { policyId } = unwrap(
      await addRemote({ address: server.address, name: 'My Cube!', apiKey: 'sesame' }, { ownDir }),
    )
    expect(policyId).toBe('own/my-cube')
    const inside = join(ownDir, 'my-cube')
    const manifest = unwrap(await readRemoteManifest(inside))
    expect(manifest).toMatchObject({ name: 'My Cube!', license: 'MIT', contract: remoteManifest.contract })
    expect(server.requests[0]?.headers.authorization).toBe('Api-Key sesame')
    if (process.platform !== 'win32') expect((await stat(join(inside, 'api-key'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(inside, 'remote.json'), 'utf8')).not.toContain('sesame')
    await using policy = unwrap(await openRemotePolicy(inside, manifest, { clock: () => 0 }))
    expect((await policy.infer(observation)).ok).toBe(true)
    expect(server.requests[1]?.headers.authorization).toBe('Api-Key sesame')
  })

  it('leaves open what an openpi server does not say, and lists it', async () => {
    await using server = await FakePolicyServer.start({ greet: { reset_pose: [0, 1] } })
    const ownDir = join(home(), 'open')
    const { policyId } = unwrap(
      await addRemote(
        { address: `127.0.0.1:${server.port}`, name: '', apiKey: null, preset: 'libero' },
        { ownDir },
      ),
    )
    expect(policyId).toBe(`own/127-0-0-1-${server.port}`)
    const read = await readRemoteManifest(join(ownDir, policyId.slice(4)))
    expect(read).toMatchObject({ ok: false, error: { code: 'policy/bad-manifest' } })
    const problems = read.ok ? [] : (read.error.data?.['problems'] as string[])
    expect(problems).toEqual(
      ['cameras', 'state', 'action', 'fps', 'chunkLength'].map(
        (field) => `contract.${field}: the server does not say it, write it here`,
      ),
    )
  })

  it('never takes the place of a policy of the same name', async () => {
    await using server = await FakePolicyServer.start({ greet: declaring(declaration) })
    const ownDir = join(home(), 'twice')
    const add = () => addRemote({ address: server.address, name: 'cube', apiKey: null }, { ownDir })
    expect([unwrap(await add()).policyId, unwrap(await add()).policyId]).toEqual(['own/cube', 'own/cube-2'])
    expect(await readdir(ownDir)).toEqual(['cube', 'cube-2'])
  })

  it.each(['', 'http://host', 'ws://', 'ws://user:secret@host:1', 'host name', 'ws://host:99999'])(
    'refuses the address %j',
    async (address) => {
      const added = await addRemote({ address, name: '', apiKey: null }, { ownDir: home() })
      expect(added).toMatchObject({ ok: false, error: { code: 'contract/invalid-request' } })
    },
  )

  it('writes nothing when the server is not there or refuses', async () => {
    const ownDir = join(home(), 'absent')
    await using server = await FakePolicyServer.start({ refuse: 401 })
    const added = await addRemote({ address: server.address, name: '', apiKey: 'wrong' }, { ownDir })
    expect(added).toMatchObject({ ok: false, error: { code: 'policy/remote-refused' } })
    await expect(readdir(ownDir)).rejects.toThrow('ENOENT')
  })

  it('says so where the folder cannot be written, and leaves nothing half done', async () => {
    await using server = await FakePolicyServer.start({ greet: declaring(declaration) })
    const blocked = join(home(), 'blocked')
    await writeFile(blocked, 'a file, not a folder')
    const added = await addRemote({ address: server.address, name: '', apiKey: null }, { ownDir: blocked })
    expect(added).toMatchObject({ ok: false, error: { code: 'shell/io' } })
  })
})

describe('a key that is not there any more', () => {
  it('is named before anything is sent', async () => {
    const keyless = join(home(), 'keyless')
    await mkdir(keyless)
    const opened = await openRemotePolicy(
      keyless,
      { ...remoteManifest, apiKeyFile: 'api-key' },
      { clock: () => 0 },
    )
    expect(opened).toMatchObject({ ok: false, error: { code: 'shell/io' } })
  })
})
