import { describe, expect, it } from 'vitest'
import { declarationOf, declaring, plainContract } from '#core/policy/openpi/declaration.ts'
import { openpiArrays } from '#core/policy/openpi/array-dialect.ts'
import { isSocketAddress, parseRemoteManifest, socketAddressOf } from '#core/policy/openpi/remote-manifest.ts'
import { presetTemplate } from '#core/policy/openpi/template-presets.ts'
import { decodeWire, encodeWire } from '#core/policy/openpi/wire-codec.ts'
import { isWireMap } from '#core/policy/openpi/wire-value.ts'
import { unwrap } from '#core/result.ts'

const contract = {
  robotType: null,
  cameras: [
    { name: 'front', width: 640, height: 480 },
    { name: 'wrist', width: 640, height: 480 },
    { name: 'side', width: 640, height: 480 },
  ],
  state: [
    { name: 'pan.pos', unit: 'radians' as const },
    { name: 'lift.pos', unit: 'radians' as const },
    { name: 'gripper.pos', unit: 'range_0_1' as const },
  ],
  action: [{ name: 'pan.pos', unit: 'radians' as const }],
  fps: 15,
  chunkLength: 10,
  extras: [],
}
const file = {
  format: 'foresight-remote/1',
  kind: 'openpi',
  name: 'pi0',
  description: '',
  learned: true,
  license: null,
  address: 'ws://lab-gpu:8000',
  apiKeyFile: null,
  timeoutMs: 5000,
  actionsKey: 'actions',
  contract,
  observation: 'libero',
}
const problemsOf = (json: unknown): string => {
  const parsed = parseRemoteManifest(JSON.stringify(json))
  return parsed.ok ? '' : `${parsed.error.code} ${parsed.error.message}`
}
const keysOf = (preset: Parameters<typeof presetTemplate>[0]): string[] =>
  unwrap(presetTemplate(preset, contract)).items.map(({ key }) => key.join('/'))

describe('remote.json', () => {
  it('is read with the keys of its preset written out', () => {
    const manifest = unwrap(parseRemoteManifest(JSON.stringify(file)))
    expect(manifest.observation).toEqual(unwrap(presetTemplate('libero', contract)))
    expect(manifest.contract).toEqual(contract)
  })

  it.each([
    ['nothing', null, /remote.json: Invalid input/],
    [
      'a contract without a rate',
      { ...file, contract: { ...contract, fps: null } },
      /contract.fps: the server does not say it/,
    ],
    ['no contract at all', { ...file, contract: null }, /contract: the server does not say it/],
    [
      'an unknown unit',
      { ...file, contract: { ...contract, state: [{ name: 'a', unit: 'm' }] } },
      /contract.state.0.unit/,
    ],
    [
      'a joint twice',
      { ...file, contract: { ...contract, action: [...contract.action, ...contract.action] } },
      /contract.action: a name is used twice/,
    ],
    ['a key file elsewhere', { ...file, apiKeyFile: '../secret' }, /apiKeyFile/],
    ['an address of the web', { ...file, address: 'https://lab' }, /address/],
    [
      'a template that leaves state out',
      { ...file, observation: { pictureSide: null, items: [{ key: ['prompt'], from: 'task' }] } },
      /the state pan.pos is never sent/,
    ],
    [
      'a template with a camera that is not there',
      {
        ...file,
        observation: {
          pictureSide: null,
          items: [{ key: ['a'], from: 'picture', camera: 'top', layout: 'hwc' }],
        },
      },
      /no camera top/,
    ],
    [
      'a key within a key',
      {
        ...file,
        observation: {
          pictureSide: null,
          items: [
            { key: ['a'], from: 'state', channels: contract.state.map(({ name }) => name), dtype: 'float32' },
            { key: ['a', 'b'], from: 'task' },
          ],
        },
      },
      /the key a is used twice/,
    ],
  ])('%s is refused', (_what, json, why) => {
    expect(problemsOf(json)).toMatch(/^policy\/bad-manifest/)
    expect(problemsOf(json)).toMatch(why)
  })

  it.each([
    ['ws://host:8000', true],
    ['wss://policy.example.org/v1', true],
    ['ws://[::1]:8000', true],
    ['ws://me:secret@host', false],
    ['http://host', false],
    ['host:8000', false],
  ])('%s as an address: %s', (address, isGood) => {
    expect(isSocketAddress(address)).toBe(isGood)
  })
})

describe('presets of openpi’s configurations', () => {
  it('have the keys that its policies read', () => {
    expect(keysOf('droid')).toEqual([
      'observation/exterior_image_1_left',
      'observation/wrist_image_left',
      'observation/joint_position',
      'observation/gripper_position',
      'prompt',
    ])
    expect(keysOf('libero')).toEqual([
      'observation/image',
      'observation/wrist_image',
      'observation/state',
      'prompt',
    ])
    expect(keysOf('aloha')).toEqual(['images/front', 'images/wrist', 'images/side', 'state', 'prompt'])
    expect(keysOf('generic')).toEqual([
      'observation/images/front',
      'observation/images/wrist',
      'observation/images/side',
      'observation/state',
      'prompt',
    ])
  })

  it('refuse a contract they cannot carry', () => {
    expect(presetTemplate('droid', { ...contract, state: contract.state.slice(0, 1) })).toMatchObject({
      ok: false,
      error: { code: 'policy/contract-mismatch' },
    })
  })
})

describe('what a Foresight server declares', () => {
  const declaration = {
    version: 1 as const,
    name: 'reach',
    description: '',
    learned: false,
    license: null,
    contract: plainContract(contract),
    observation: unwrap(presetTemplate('generic', contract)),
    historyTicks: 15,
  }

  it('comes back from the wire as it was', () => {
    const metadata = unwrap(decodeWire(encodeWire(declaring(declaration), openpiArrays), openpiArrays))
    expect(isWireMap(metadata) ? declarationOf(metadata) : null).toEqual(declaration)
  })

  it('is nothing where a server says something else', () => {
    expect(declarationOf({})).toBeNull()
    expect(declarationOf({ foresight: { version: 2 } })).toBeNull()
  })
})

describe('an address as a person writes it', () => {
  it.each([
    ['ws://lab-gpu:8000', 'ws://lab-gpu:8000'],
    [' lab-gpu:8000/ ', 'ws://lab-gpu:8000'],
    ['wss://policy.example', 'wss://policy.example'],
    ['http://lab-gpu:8000', null],
    ['lab gpu', null],
    ['', null],
  ])('%j is %j', (text, address) => {
    expect(socketAddressOf(text)).toBe(address)
  })
})
