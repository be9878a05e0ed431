import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultPolicySettings, SettingsStore } from '#host/policy/settings-store.ts'

let root: string
let store: SettingsStore
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'settings-'))
  store = new SettingsStore(join(root, 'policy-settings'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const chosen = {
  ...defaultPolicySettings,
  provider: 'cpu' as const,
  cameras: { cam_high: 'front', cam_left_wrist: null },
  seed: 7,
}

describe('settings of a policy', () => {
  it('are the defaults while nothing was chosen, and nothing is written for them', async () => {
    expect(await store.read('own/p')).toEqual({ ok: true, value: defaultPolicySettings })
    expect(await readdir(root)).toEqual([])
  })

  it('are kept for each policy by itself, whatever its id', async () => {
    for (const id of ['analytic-reach', 'own/名前', 'own/../x']) {
      expect(await store.write(id, chosen)).toMatchObject({ ok: true })
      expect(await store.read(id)).toEqual({ ok: true, value: chosen })
    }
    expect(await readdir(root)).toEqual(['policy-settings'])
    expect(await store.read('other')).toEqual({ ok: true, value: defaultPolicySettings })
  })

  it('are refused, not guessed, when the file is not what it should be', async () => {
    await store.write('p', chosen)
    await writeFile(join(root, 'policy-settings', 'p.json'), '{"provider":"abacus"}')
    expect(await store.read('p')).toMatchObject({ ok: false, error: { code: 'shell/settings-invalid' } })
  })

  it('are a fault when they cannot be written', async () => {
    await writeFile(join(root, 'policy-settings'), 'a file where the folder should be')
    expect(await store.write('p', chosen)).toMatchObject({ ok: false, error: { code: 'shell/io' } })
  })
})
