/** The packaging configuration, checked as electron-builder would, because nothing can be packed where it is developed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
// electron-builder's own validator and YAML reader, wherever its packages are installed.
const fromBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'))
const fromLibrary = createRequire(fromBuilder.resolve('app-builder-lib/package.json'))
const { load } = fromLibrary('js-yaml') as { load: (text: string) => Record<string, unknown> }
const { validateConfiguration } = fromBuilder('app-builder-lib/out/util/config/config.js') as {
  validateConfiguration: (config: object, log: { add: () => void; isEnabled: boolean }) => Promise<void>
}

const read = (): Record<string, unknown> => load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
const validate = (config: object): Promise<void> =>
  validateConfiguration(config, { add: () => undefined, isEnabled: false })

describe('electron-builder.yml', () => {
  it('fits electron-builder’s schema', async () => {
    await expect(validate(read())).resolves.toBeUndefined()
  })

  it('would be refused with a key that electron-builder does not know', async () => {
    await expect(validate({ ...read(), npmRebuilt: false })).rejects.toThrow('npmRebuilt')
  })

  it('sets every fuse as spec/engineering.md §2.2 says', () => {
    expect(read()['electronFuses']).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      enableCookieEncryption: false,
    })
  })

  it('names files that exist', () => {
    const text = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
    const named = [...text.matchAll(/resources\/[\w./-]+\.(?:png|plist|rules)/gu)].map(([path]) => path)
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('brings the rules for serial adapters under a number at which they work', () => {
    const rules = readdirSync(join(root, 'resources', 'linux')).filter((name) => name.endsWith('.rules'))
    expect(rules).toEqual(['60-foresight.rules'])
    const text = readFileSync(join(root, 'resources', 'linux', '60-foresight.rules'), 'utf8')
    expect(text).toContain('ATTRS{idVendor}=="1a86", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"')
  })
})
