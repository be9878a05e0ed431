import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakePolicyServer } from '#test/fakes/fake-policy-server.ts'
import { runCommand } from '#test/fakes/run-cli.ts'
import { temporaryFolder } from '#test/fakes/temporary-folder.ts'

const folder = temporaryFolder()
beforeAll(() => {
  process.env['FORESIGHT_DATA_DIR'] = join(folder.path, 'data')
})
afterAll(() => {
  delete process.env['FORESIGHT_DATA_DIR']
  folder[Symbol.dispose]()
})

const file = (name: string, text: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}
const channels = [{ name: 'pan.pos', unit: 'radians' }]
const contract = {
  robotType: null,
  cameras: [],
  state: channels,
  action: channels,
  fps: 10,
  chunkLength: 4,
  extras: [],
}
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>

describe('foresight policy add-remote', () => {
  it('lists a policy whose contract is given in a file, with its key beside it', async () => {
    await using server = await FakePolicyServer.start()
    const { code, out } = await runCommand([
      'policy',
      'add-remote',
      server.address,
      '--name',
      'pi0',
      '--keys',
      'libero',
      '--key-file',
      file('key', 'sesame\n'),
      '--contract',
      file('contract.json', JSON.stringify(contract)),
      '--json',
    ])
    expect(code).toBe(0)
    expect(json(out)).toMatchObject({ policyId: 'own/pi0', fault: null })
    expect(server.requests[0]?.headers.authorization).toBe('Api-Key sesame')
    expect(json(readFileSync(String(json(out)['file']), 'utf8'))).toMatchObject({
      observation: 'libero',
      apiKeyFile: 'api-key',
    })
    expect(json((await runCommand(['policy', 'list', '--json'])).out)['policies']).toContainEqual(
      expect.objectContaining({ id: 'own/pi0', kind: 'openpi', fault: null }),
    )
  })

  it('says what to fill in where the contract is left open', async () => {
    await using server = await FakePolicyServer.start()
    const { code, out } = await runCommand(['policy', 'add-remote', server.address, '--name', 'open'])
    expect(code).toBe(0)
    expect(out).toMatch(/fill in .*remote\.json/)
    expect(out).toContain('contract.fps: the server does not say it')
  })

  it('fails where the server is not there, and says what is wrong with its arguments and files', async () => {
    const gone = await FakePolicyServer.start()
    const { address } = gone
    await gone[Symbol.asyncDispose]()
    const add = async (...args: string[]) => runCommand(['policy', 'add-remote', '--json', ...args])
    expect((await add(address)).out).toContain('policy/remote-unreachable')
    expect((await add('ws://h', '--contract', file('bad.json', '{}'))).out).toContain('policy/bad-manifest')
    expect((await add('ws://h', '--contract', file('none.json', 'no'))).out).toContain('policy/bad-manifest')
    expect((await add('ws://h', '--key-file', join(folder.path, 'nowhere'))).out).toContain('shell/io')
    for (const args of [[], ['a', 'b'], ['ws://h', '--keys', 'piano']])
      expect((await add(...args)).code).toBe(2)
  })
})
