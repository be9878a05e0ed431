import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '#cli/main.ts'
import { unwrap } from '#core/result.ts'
import { addRemote } from '#host/policy/remote/add-remote.ts'
import { openRemotePolicy, readRemoteManifest } from '#host/policy/remote/open-remote-policy.ts'
import { machineClockUs } from '#host/shared/clock.ts'
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

interface Started {
  readonly url: string
  readonly policyId: string
  readonly hasToken: boolean
  readonly observation: { readonly items: readonly { readonly key: readonly string[] }[] }
}

/** The command, running, with what it answered first. */
async function start(...args: string[]) {
  const stop = new AbortController()
  const err: string[] = []
  let running: Promise<number> = Promise.resolve(0)
  const answer = await new Promise<Started>((resolve, reject) => {
    const out = (text: string): void => resolve(JSON.parse(text) as Started)
    running = runCli(
      ['serve-policy', '--port', '0', '--json', ...args],
      { out, err: (text) => void err.push(text) },
      stop.signal,
    )
    void running.then((code) => reject(new Error(`it ended with ${code}: ${err.join('\n')}`)))
  })
  return {
    answer,
    err,
    stop: () => {
      stop.abort()
      return running
    },
  }
}

const faultOf = async (...args: string[]): Promise<string> => {
  const { code, out } = await runCommand(['serve-policy', '--json', ...args])
  return `${code} ${(JSON.parse(out) as { error: { code: string } }).error.code}`
}

describe('foresight serve-policy', () => {
  it('serves the demo to our own client, which needs nothing but the address and the token', async () => {
    const { answer, err, stop } = await start('--policy', 'analytic-reach', '--token', 'sesame')
    expect(answer).toMatchObject({ policyId: 'analytic-reach', hasToken: true })
    expect(answer.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
    expect(answer.observation.items.map(({ key }) => key.join('/'))).toEqual([
      'observation/state',
      'observation/sim.red_cube_m',
      'prompt',
    ])
    const ownDir = join(folder.path, 'policies')
    const refused = await addRemote({ address: answer.url, name: 'demo', apiKey: null }, { ownDir })
    expect(refused).toMatchObject({ ok: false, error: { code: 'policy/remote-refused' } })
    const added = unwrap(await addRemote({ address: answer.url, name: 'demo', apiKey: 'sesame' }, { ownDir }))
    expect(added.policyId).toBe('own/demo')
    const inside = join(ownDir, 'demo')
    const manifest = unwrap(await readRemoteManifest(inside))
    await using policy = unwrap(await openRemotePolicy(inside, manifest, { clock: machineClockUs }))
    unwrap(await policy.warmUp())
    const chunk = unwrap(
      await policy.infer({
        timeUs: machineClockUs(),
        state: new Float32Array(6),
        extras: { 'sim.red_cube_m': Float32Array.of(0.2, 0.05, 0.02) },
        pictures: {},
        past: {},
        task: '',
        guide: null,
        seed: null,
      }),
    )
    expect([chunk.length, chunk.width]).toEqual([50, 6])
    expect(Math.max(...chunk.actions.map(Math.abs))).toBeGreaterThan(1)
    expect(await stop()).toBe(0)
    expect(err.join('\n')).toContain('is connected')
  })

  it('takes the only policy there is, and warns where other machines reach it', async () => {
    const { answer, err, stop } = await start('--host', '0.0.0.0')
    expect(answer.policyId).toBe('analytic-reach')
    expect(err.join('\n')).toMatch(/reached from other machines: anyone who reaches it/)
    expect(await stop()).toBe(0)
  })

  it('names the keys of another dialect', async () => {
    const { answer, stop } = await start('--dialect', 'xpolicylab')
    expect(answer.observation.items.map(({ key }) => key.join('/'))).toEqual([
      'state/arm_joint_state',
      'state/ee_joint_state',
      'additional_info/sim.red_cube_m',
      'instruction',
    ])
    expect(await stop()).toBe(0)
  })

  it('takes keys from a file, and says what is wrong with one', async () => {
    const keys = join(folder.path, 'keys.json')
    writeFileSync(keys, JSON.stringify({ pictureSide: null, items: [{ key: ['prompt'], from: 'task' }] }))
    expect(await faultOf('--keys', keys)).toBe('1 policy/bad-manifest')
    expect(await faultOf('--keys', join(folder.path, 'nowhere.json'))).toBe('1 shell/io')
  })

  it('says what is wrong with its arguments', async () => {
    expect(await faultOf('--policy', 'nobody')).toBe('1 policy/not-found')
    for (const args of [
      ['--port', '70000'],
      ['--dialect', 'esperanto'],
      ['--ticks', '0'],
      ['--token', 'open sesame'],
      ['stray'],
    ])
      expect((await runCommand(['serve-policy', ...args])).code).toBe(2)
  })

  it('says so when the port is taken', async () => {
    const { answer, stop } = await start()
    const taken = new URL(answer.url).port
    expect(await faultOf('--port', taken)).toBe('1 shell/io')
    await stop()
  })
})
